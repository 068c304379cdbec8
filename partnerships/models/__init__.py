from partnerships.models.agreements import AgreementSignature, PartnerAgreement
from partnerships.models.cohorts import Cohort, Programme, StudentStatus, UniversityPeriod
from partnerships.models.observations import CrossingLine, CrossingPlan, ObservationWish, PeerObservation
from partnerships.models.offers import HostingRules, HostOffer, OfferMove
from partnerships.models.papers import DaySignature, PlacementTerms
from partnerships.models.placement_notes import LogEntry, PlacementReview, TutorVisit
from partnerships.models.placements import (
    ClassPlace,
    ClassSeat,
    Placement,
    PlacementDay,
    PlacementStudent,
    SchoolPlace,
)
from partnerships.models.proposals import PlacementProposal, ProposalApart, ProposalLine
from partnerships.models.students import Student, StudentPair
