from videos.models.consents import Absence, Agreement, Recorded, Scan
from videos.models.discussions import Discussion, Draft
from videos.models.films import Film, FilmState
from videos.models.moments import Moment, MomentCircle, MomentKind, Reply
from videos.models.preparation import DonePiece, Preparation, Rendition
from videos.models.projects import DpoDecision, RecordingProject
from videos.models.uploads import Upload, kept_until

__all__ = [
    "Absence",
    "Agreement",
    "Discussion",
    "DonePiece",
    "DpoDecision",
    "Draft",
    "Film",
    "FilmState",
    "Moment",
    "MomentCircle",
    "MomentKind",
    "Preparation",
    "Recorded",
    "RecordingProject",
    "Rendition",
    "Reply",
    "Scan",
    "Upload",
    "kept_until",
]
