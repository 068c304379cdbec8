"""The models of trainings, one room a subject."""

from trainings.models.enrolments import Enrolment, ModuleRoute, PathSession, StatementAnswer
from trainings.models.grids import GridAnswer
from trainings.models.lti import LtiCourse, LtiKey, LtiLink, LtiPlatform, LtiResult
from trainings.models.paths import LearningPath, Module, PathVersion, Statement
from trainings.models.progress import QuestionAnswer, StepProgress, WatchedExcerpt
from trainings.models.reviews import PathReview
from trainings.models.sessions import SessionDate, SessionPresence
from trainings.models.showcases import Showcase, ShowcaseAuthor, ShowcaseMove
from trainings.models.steps import Question, RemovedPart, Step, StepDocument, StepExcerpt, StoredDocument
from trainings.models.transfers import PathTransfer
