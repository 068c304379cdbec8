from videos.models.films import Film, FilmState
from videos.models.moments import Moment, MomentKind
from videos.models.uploads import Upload, kept_until

__all__ = ["Film", "FilmState", "Moment", "MomentKind", "Upload", "kept_until"]
