from circo.models.imports import ImportRun, ImportState
from circo.models.jobs import Job, JobState
from circo.models.mails import OutgoingMail
from circo.models.notices import Delivery, Notice, NoticePreference
from circo.models.people import Invitation, Person, Posting
from circo.models.places import Departement, Derogation, District, Institution, School, SchoolYear

__all__ = [
    "Delivery",
    "Departement",
    "Derogation",
    "District",
    "ImportRun",
    "ImportState",
    "Institution",
    "Invitation",
    "Job",
    "JobState",
    "Notice",
    "NoticePreference",
    "OutgoingMail",
    "Person",
    "Posting",
    "School",
    "SchoolYear",
]
