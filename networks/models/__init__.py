"""The models of networks, one room a subject."""

from networks.models.candidates import Candidate
from networks.models.career_meetings import CareerMeeting
from networks.models.cycle import Decision, RelayCommitment, Wish, WishCampaign, YearOpening
from networks.models.experiment_parts import DiaryEntry, ExperimentClass, ExperimentStep, Indicator, IndicatorPoint
from networks.models.experiments import Experiment, ExperimentMove
from networks.models.groups import Membership, MutualisationGroup, Network, Origin, Stage, Standing
from networks.models.meetings import Attendance, Meeting, MeetingDocument, PollAnswer, PollOption
from networks.models.membership_moves import MembershipMove
from networks.models.mentoring import (
    MentoringGoal,
    MentoringMeeting,
    MentoringMessage,
    MentoringPair,
    MentoringSettings,
)
from networks.models.places import BookedQuarter, Booking, ThirdPlace
from networks.models.post_reports import PostReport
from networks.models.posts import Post, PostFile, PostReaction, Quote
from networks.models.salons import Salon, SalonOpening, SalonReading
from networks.models.sites import ObservationSite, VisitSettings
from networks.models.visits import Visit, VisitReport
