"""What the sweeps of the admin walk over: one object of each model here, its twin in the other district."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import admin
from django.core.files.base import ContentFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from circo.models import (
    CalendarChange,
    Departement,
    Derogation,
    District,
    Erasure,
    HourEntry,
    HoursQuota,
    ImportRun,
    Institution,
    Invitation,
    IssuedDocument,
    Job,
    Person,
    Posting,
    School,
    SchoolYear,
    SelfPacedRules,
)
from events.models import BrigadeRules, CoverPlan, DayRules, Festival, IssrScale, SharingDay, Substitute
from networks.models import (
    Experiment,
    Meeting,
    Membership,
    MentoringSettings,
    MutualisationGroup,
    Network,
    ObservationSite,
    ThirdPlace,
    Visit,
    VisitSettings,
)
from partnerships.models import HostingRules
from tests.circo.hours import credit
from tests.events.brigade_things import brigade_rows
from tests.events.days import today_of
from tests.events.festivals import in_a_month
from tests.events.plans import scale
from tests.events.plans_things import plan_rows
from tests.networks.experiment_things import experiment_of
from tests.networks.meetings import begun
from tests.networks.places import place_of
from tests.networks.visits_things import visit_rows
from tests.trainings.lti_platform import declared
from tests.trainings.sessions import session_rows
from tests.trainings.showcase_things import proposed, sheet_of
from tests.trainings.written import draft_of
from tests.world import MARK, World
from trainings.models import LtiPlatform, PathReview, PathSession, PathVersion, SessionDate, Showcase
from videos.models import DpoDecision, Film

EDITS, READS, NOTHING = "edits", "reads", "nothing"
TEAM = ("inspector", "adviser", "secretary", "departement")
# What each persona of the team does with the rows of the own district. The superuser edits all but the last seven.
RIGHTS = {
    Person: (EDITS, READS, EDITS, READS),
    Posting: (EDITS, READS, EDITS, READS),
    Invitation: (READS, NOTHING, READS, NOTHING),
    Network: (EDITS, EDITS, READS, READS),
    MutualisationGroup: (EDITS, EDITS, READS, READS),
    Membership: (EDITS, EDITS, READS, READS),
    Meeting: (READS, READS, READS, READS),
    Experiment: (READS, READS, READS, READS),
    ObservationSite: (READS, READS, READS, READS),
    Visit: (READS, READS, READS, READS),
    VisitSettings: (EDITS, EDITS, READS, READS),
    MentoringSettings: (EDITS, EDITS, READS, READS),
    HostingRules: (EDITS, EDITS, READS, READS),
    ThirdPlace: (EDITS, EDITS, EDITS, READS),
    SharingDay: (READS, READS, READS, READS),
    DayRules: (EDITS, EDITS, EDITS, READS),
    Substitute: (READS, READS, READS, READS),
    CoverPlan: (READS, NOTHING, READS, NOTHING),
    IssrScale: (NOTHING, NOTHING, NOTHING, NOTHING),
    Festival: (READS, READS, READS, READS),
    BrigadeRules: (READS, READS, READS, READS),
    School: (EDITS, READS, EDITS, READS),
    District: (EDITS, READS, EDITS, READS),
    Derogation: (EDITS, READS, EDITS, READS),
    CalendarChange: (EDITS, READS, EDITS, EDITS),
    Institution: (NOTHING, NOTHING, NOTHING, EDITS),
    Departement: (NOTHING, NOTHING, NOTHING, READS),
    SchoolYear: (NOTHING, NOTHING, NOTHING, NOTHING),
    ImportRun: (READS, NOTHING, READS, NOTHING),
    IssuedDocument: (READS, NOTHING, READS, NOTHING),
    DpoDecision: (NOTHING, NOTHING, NOTHING, EDITS),
    LtiPlatform: (NOTHING, NOTHING, NOTHING, EDITS),
    HoursQuota: (EDITS, READS, EDITS, NOTHING),
    SelfPacedRules: (EDITS, READS, READS, NOTHING),
    HourEntry: (READS, READS, READS, NOTHING),
    Job: (NOTHING, NOTHING, NOTHING, NOTHING),
    Erasure: (NOTHING, NOTHING, NOTHING, NOTHING),
    PathVersion: (READS, READS, READS, READS),
    PathSession: (READS, READS, READS, READS),
    SessionDate: (READS, READS, READS, READS),
    PathReview: (READS, READS, READS, READS),
    Showcase: (READS, READS, READS, READS),
    Film: (NOTHING, NOTHING, NOTHING, NOTHING),
}
ROOTS = (District, Departement, SchoolYear)  # only the superuser adds or removes these
UNWRITTEN = (HourEntry,)  # read only, with its history
UNKEPT = (
    PathVersion,
    PathSession,
    SessionDate,
    PathReview,
    Showcase,
    Festival,
    CoverPlan,
    SharingDay,
    Meeting,
    Experiment,
    ObservationSite,
    Visit,
    Invitation,
    ImportRun,
    IssuedDocument,
    Job,
    Erasure,
    Film,
)  # read only, without a history


def url(model: type, verb: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{verb}", args=args)


def objects(world: World) -> dict[type, tuple]:
    """One row of each scoped model here, and its twin there."""
    pairs = {}
    for side, ground, teacher in ((0, world.here, world.amina), (1, world.there, world.denis)):
        mark = f" {MARK}" if side else ""
        derogation = Derogation.objects.create(
            district=ground.district,
            reference=f"R{side}{mark}",
            authority=f"Recteur{mark}",
            allows=f"Tout{mark}",
            starts_on=world.year.first_day,
            ends_on=world.year.last_day,
        )
        invitation = Invitation.objects.create(
            person=teacher, digest=f"{side}" * 64, expires_at=timezone.now() + timedelta(days=7)
        )
        run = ImportRun.objects.create(
            kind="SCHOOLS", district=ground.district, file_name=f"ecoles{mark}.csv", file=ContentFile(b"x", "x.csv")
        )
        issued = IssuedDocument.objects.create(
            code=f"{side}" * 28,
            kind="Attestation",
            recipient=f"Amina{mark}",
            subject=f"Journée{mark}",
            authority="DSDEN",
            issued_on=world.year.first_day,
            district=ground.district,
        )
        decision = DpoDecision.objects.create(
            departement=ground.departement,
            kind=DpoDecision.Kind.ONE_HOLDER,
            reference=f"N{side}{mark}",
            officer=f"Déléguée{mark}",
            starts_on=world.year.first_day,
        )
        change = CalendarChange.objects.create(
            district=ground.district,
            starts_on=world.year.first_day,
            ends_on=world.year.first_day,
            reason=f"Neige{mark}",
        )
        mine = {
            Person: teacher,
            Posting: teacher.postings.get(),
            Invitation: invitation,
            Network: ground.network,
            MutualisationGroup: ground.group,
            Membership: teacher.memberships.get(),
            MentoringSettings: MentoringSettings.objects.create(district=ground.district),
            Meeting: begun(ground.group, teacher, title=f"Lire ensemble{mark}", minutes=f"On a lu{mark}"),
            Experiment: experiment_of(ground.group, teacher, mark, state="REVIEWED", outcome=f"On lit mieux{mark}"),
            **visit_rows(ground, teacher, world.bruno if not side else world.head_teacher_there, mark),
            ThirdPlace: place_of(ground.district, f"La Filature{mark}"),
            **brigade_rows(ground, mark),
            SharingDay: (day := today_of(ground, teacher, title=f"Journée{mark}", where=f"Salle{mark}")),
            **plan_rows(day),
            DayRules: DayRules.objects.create(district=ground.district),
            HostingRules: HostingRules.objects.create(district=ground.district),
            Festival: in_a_month(ground, teacher, teacher, mark)[0],
            PathVersion: draft_of(ground, mark=mark),
            **session_rows(ground, teacher, mark),
            Showcase: proposed(sheet_of(teacher, mark=mark), ground.district, mark=mark),
            School: ground.schools[0],
            District: ground.district,
            Derogation: derogation,
            CalendarChange: change,
            Institution: ground.institution,
            Departement: ground.departement,
            ImportRun: run,
            DpoDecision: decision,
            LtiPlatform: declared(ground.departement, mark),
            IssuedDocument: issued,
            SelfPacedRules: SelfPacedRules.objects.create(district=ground.district, derogation=derogation),
            HourEntry: credit(teacher, label=f"Réunion{mark}"),
            HoursQuota: HoursQuota.objects.create(person=teacher, school_year=world.year, minutes=900),
        }
        for model, row in mine.items():
            pairs[model] = (*pairs.get(model, ()), row)
    pairs[SchoolYear] = (world.year, None)
    pairs[IssrScale] = (scale(), None)
    pairs[Job] = (Job.objects.create(kind="mail", subject_id=MARK), None)
    pairs[Erasure] = (Erasure.objects.create(account_number=1, counts={MARK: 1}), None)
    return pairs


def foreign_keys() -> list[tuple[type, str]]:
    """Each foreign key of each model of the admin."""
    return [
        (model, field.name)
        for model in admin.site._registry
        for field in model._meta.fields
        if field.many_to_one or field.one_to_one
    ]


def snapshot() -> dict[str, list]:
    """Every row of every table, but for sessions: what a refused write must leave as it was."""
    tables = [name for name in connection.introspection.table_names() if "session" not in name]
    rows = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows[table] = sorted(map(repr, cursor.fetchall()))
    return rows


def refused(client, address: str, data: dict, *, says: str = "", status: int = 200) -> str:
    """Post, and prove that the answer refuses and that not one row changed."""
    before = snapshot()
    response = client.post(address, data)
    body = response.content.decode()
    assert response.status_code == status, body[:3000]
    assert snapshot() == before
    assert says in body
    assert MARK not in body
    return body
