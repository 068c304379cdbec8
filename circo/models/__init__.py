from circo.models.cache import CacheEntry
from circo.models.calendars import CalendarChange
from circo.models.communes import Commune
from circo.models.documents import BatchState, IssuedDocument, LetterBatch
from circo.models.drafts import FormDraft
from circo.models.erasures import Erasure
from circo.models.exports import DataExport, ExportState
from circo.models.feeds import CalendarFeed
from circo.models.hours import CountingMixin, HourEntry, HoursQuota
from circo.models.imports import ImportLine, ImportRun, ImportState, Outcome
from circo.models.invitations import Invitation
from circo.models.jobs import Job, JobState
from circo.models.mails import OutgoingMail
from circo.models.notices import Delivery, Notice, NoticePreference
from circo.models.people import Person, Posting
from circo.models.places import Departement, Derogation, District, Institution, School, SchoolYear
from circo.models.replays import HoursReplay, ReplayLine, ReplayState
from circo.models.self_paced import SelfPacedRules
from circo.models.service_log import ServiceLogEntry
