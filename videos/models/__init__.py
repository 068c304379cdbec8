from videos.models.consents import Absence, Agreement, Recorded, Scan
from videos.models.films import Film, FilmState
from videos.models.moments import Moment, MomentKind
from videos.models.preparation import DonePiece, Preparation, Rendition
from videos.models.projects import DpoDecision, RecordingProject
from videos.models.uploads import Upload, kept_until

__all__ = [
    "Absence",
    "Agreement",
    "DonePiece",
    "DpoDecision",
    "Film",
    "FilmState",
    "Moment",
    "MomentKind",
    "Preparation",
    "Recorded",
    "RecordingProject",
    "Rendition",
    "Scan",
    "Upload",
    "kept_until",
]
