from videos.models.consents import Absence, Agreement, Recorded, Scan
from videos.models.films import Film, FilmState
from videos.models.moments import Moment, MomentKind
from videos.models.projects import DpoDecision, RecordingProject
from videos.models.uploads import Upload, kept_until

__all__ = [
    "Absence",
    "Agreement",
    "DpoDecision",
    "Film",
    "FilmState",
    "Moment",
    "MomentKind",
    "Recorded",
    "RecordingProject",
    "Scan",
    "Upload",
    "kept_until",
]
