"""Every kind of document, one dataclass each: fill its fields, then call `pdf()`."""

from circo.documents.letters.base import Addressee, Letter, Sender
from circo.documents.letters.consent import LegalBasis, Nature, RecordingConsent, recording_consent
from circo.documents.letters.hours import HoursLine, HoursStatement, HoursSum
from circo.documents.letters.meetings import (
    AttendanceCertificate,
    Convocation,
    MissionOrder,
    PathCertificate,
    Present,
    SignInSheet,
)
from circo.documents.letters.placements import Party, PlacementAgreement
from circo.documents.letters.reports import (
    Covered,
    CoverPlan,
    Fact,
    Indicator,
    ObservationReport,
    ProjectSheet,
    Report,
    Section,
)
