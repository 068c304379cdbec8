"""The models of events, one room a subject."""

from events.models.brigade import BrigadeRules, HeldHalfDay, Substitute, Unavailability
from events.models.convocations import Convocation
from events.models.days import DayMove, DayRules, SharingDay
from events.models.distances import SchoolDistance
from events.models.evaluations import Evaluation
from events.models.festival import Animation, AnimationSession, Festival, FestivalMove
from events.models.festival_helpers import FestivalHelper
from events.models.festival_pictures import FestivalPicture
from events.models.leaving import LeavingException
from events.models.needs import CoverNeed
from events.models.plans import (
    AssignedHalfDay,
    CoverAssignment,
    CoverEdit,
    CoverLink,
    CoverPlan,
    CoverPlanDay,
    CoverPlanMove,
    IssrScale,
)
from events.models.presences import Presence
from events.models.programme import (
    Slot,
    Workshop,
    WorkshopSeat,
    WorkshopSession,
    WorkshopWait,
    WorkshopWish,
)
from events.models.repairs import CoverRepair, RepairFact
from events.models.seats import SeatBooking
from events.models.trials import CoverTrial
