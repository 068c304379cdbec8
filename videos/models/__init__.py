from videos.models.blurring import Blurring, BlurringState, HiddenArea, SearchedStretch, Voice
from videos.models.captions import CaptionSource, CaptionTrack, Language
from videos.models.chapters import Chapter
from videos.models.collections import Collection, CollectionItem
from videos.models.consents import Absence, Agreement, Recorded, Scan
from videos.models.discussions import Discussion
from videos.models.excerpts import Excerpt
from videos.models.films import Film, FilmState
from videos.models.grids import Criterion, CriterionKind, Grid
from videos.models.moments import Moment, MomentCircle, MomentKind, Reply
from videos.models.observations import Entry, Observation, ObservationRound
from videos.models.positions import PlaybackPosition
from videos.models.preparation import DonePiece, Preparation, Rendition
from videos.models.projects import DpoDecision, RecordingProject
from videos.models.sheets import PracticeSheet, SheetDocument
from videos.models.subjects import Subject
from videos.models.uploads import Upload, kept_until
