"""The models of networks, one room a subject."""

from networks.models.candidates import Candidate
from networks.models.cycle import Decision, RelayCommitment, Wish, WishCampaign, YearOpening
from networks.models.experiments import (
    DiaryEntry,
    Experiment,
    ExperimentClass,
    ExperimentMove,
    ExperimentStep,
    Indicator,
    IndicatorPoint,
)
from networks.models.groups import (
    CareerMeeting,
    Membership,
    MembershipMove,
    MutualisationGroup,
    Network,
    Origin,
    Stage,
    Standing,
)
from networks.models.meetings import Attendance, Meeting, MeetingDocument, PollAnswer, PollOption
from networks.models.mentoring import (
    MentoringDraft,
    MentoringGoal,
    MentoringMeeting,
    MentoringMessage,
    MentoringPair,
    MentoringSettings,
)
from networks.models.places import BookedQuarter, Booking, ThirdPlace
from networks.models.salons import (
    Post,
    PostFile,
    PostReaction,
    PostReport,
    Quote,
    Salon,
    SalonDraft,
    SalonOpening,
    SalonReading,
)
from networks.models.sites import ObservationSite, VisitSettings
from networks.models.visits import Visit, VisitReport
