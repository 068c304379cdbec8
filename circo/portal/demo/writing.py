"""The demonstration's rows, written into an empty database in one transaction, each with its history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from circo import rules
from circo.maps.importing import import_communes
from circo.models import Departement, Derogation, District, Institution, Person, Posting, School, SchoolYear
from circo.portal.demo import closures, hours
from circo.portal.demo.accounts import ACCOUNTS, PASSWORD
from circo.portal.demo.rows import GroupRow, MembershipRow, PersonRow, Plan, PostingRow, SchoolRow
from circo.portal.demo.schools import DEPARTEMENT, DEPARTEMENT_NAME, INSTITUTION
from circo.rules import PLACE_OF_ROLE
from networks.models import Membership, MutualisationGroup, Network, Standing

BATCH = 1000
NO_PASSWORD = "!invented"  # noqa: S105 (as `make_password(None)`, but the same at each run)
OUTLINES = Path(__file__).parent / "communes.geojson"
OUTLINES_SOURCE = "IGN, Admin Express 2018, Licence Ouverte 2.0"
AUTHORITY = "Signataire de démonstration"


@transaction.atomic
def write(plan: Plan) -> None:
    """Write everything, or nothing."""
    Places(plan).write()
    People(plan).write()
    hours.fill(plan.years[-1])


class Places:
    """Where people work, and the school years."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def write(self) -> None:
        since = self.plan.years[0]
        (departement,) = _create([Departement(code=DEPARTEMENT, name=DEPARTEMENT_NAME)], since)
        districts = _create([District(departement=departement, name=name) for name in self.plan.districts], since)
        by_name = {district.name: district for district in districts}
        schools = _create([_school(row, by_name[row.district]) for row in self.plan.schools], since)
        _create(closures.changes(self.plan.years[-1], {school.uai: school for school in schools}), since)
        import_communes(OUTLINES, source=OUTLINES_SOURCE)
        _create([Institution(departement=departement, name=INSTITUTION)], since)
        _create(
            [
                SchoolYear(first_day=first_day, last_day=rules.school_year_bounds(first_day)[1])
                for first_day in self.plan.years
            ],
            since,
        )
        _create(
            [
                Derogation(
                    district=by_name[row.district],
                    reference=row.reference,
                    authority=AUTHORITY,
                    allows=row.allows,
                    starts_on=row.starts_on,
                    ends_on=row.ends_on,
                )
                for row in self.plan.derogations
            ],
            self.plan.years[-1],
        )


class People:
    """People, how the accounts sign in, what they do, and their groups."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.districts = {district.name: district for district in District.objects.all()}
        self.places = {
            **{school.uai: school for school in School.objects.all()},
            **self.districts,
            **{departement.code: departement for departement in Departement.objects.all()},
            **{institution.name: institution for institution in Institution.objects.all()},
        }
        self.years = {year.first_day: year for year in SchoolYear.objects.all()}
        self.people: dict[str, Person] = {}

    def write(self) -> None:
        password = make_password(PASSWORD, salt="demonstration")  # one for all: hashing is slow on purpose
        known = {account.email for account in ACCOUNTS}
        people = _create([_person(row, password if row.email in known else NO_PASSWORD) for row in self.plan.people])
        self.people = {person.email: person for person in people}
        self._open_accounts()
        _create([self._posting(row) for row in self.plan.postings])
        groups = self._groups()
        _create([self._membership(row, groups) for row in self.plan.memberships])

    def _open_accounts(self) -> None:
        EmailAddress.objects.bulk_create(
            EmailAddress(user=self.people[account.email], email=account.email, verified=True, primary=True)
            for account in ACCOUNTS
        )
        Authenticator.objects.bulk_create(
            Authenticator(
                user=self.people[account.email],
                type=Authenticator.Type.TOTP,
                data={"secret": encrypt(account.totp_secret)},
            )
            for account in ACCOUNTS
            if account.needs_code
        )

    def _posting(self, row: PostingRow) -> Posting:
        posting = Posting(
            person=self.people[row.email],
            role=row.role,
            levels=list(row.levels),
            class_size=row.class_size,
            half_days=list(row.half_days),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            **{PLACE_OF_ROLE[row.role].value: self.places[row.place]},
        )
        return _entered(posting, row.starts_on)

    def _groups(self) -> dict[tuple[str, str], MutualisationGroup]:
        since = self.plan.years[0]
        names = dict.fromkeys((row.district, row.network) for row in self.plan.groups)
        networks = _create([Network(district=self.districts[district], name=name) for district, name in names], since)
        by_name = dict(zip(names, networks, strict=True))
        groups = _create([self._group(row, by_name[row.district, row.network]) for row in self.plan.groups], since)
        return {(row.district, row.name): group for row, group in zip(self.plan.groups, groups, strict=True)}

    def _group(self, row: GroupRow, network: Network) -> MutualisationGroup:
        return MutualisationGroup(network=network, name=row.name, adviser=self.people[row.adviser])

    def _membership(self, row: MembershipRow, groups: dict[tuple[str, str], MutualisationGroup]) -> Membership:
        membership = Membership(
            person=self.people[row.email],
            group=groups[row.district, row.group],
            school_year=self.years[row.year],
            stage=row.stage,
            standing=Standing.LEFT if row.left_on else Standing.ACTIVE,
            left_on=row.left_on,
        )
        return _entered(membership, row.year)


def _create[Row: Model](rows: Iterable[Row], since: date | None = None) -> list[Row]:
    """Insert rows of one model, and for each the first line of its history, dated of its entry."""
    rows = list(rows)
    if not rows:
        return []
    if since is not None:
        for row in rows:
            _entered(row, since)
    return bulk_create_with_history(rows, type(rows[0]), batch_size=BATCH)


def _entered[Row: Any](row: Row, on: date) -> Row:
    """Date the history of a row that is about to be written. Simple history reads this attribute."""
    row._history_date = _morning(on)
    return row


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(8)))


def _person(row: PersonRow, password: str) -> Person:
    person = Person(
        email=row.email,
        first_name=row.first_name,
        last_name=row.last_name,
        password=password,
        is_superuser=row.is_superuser,
        joined_at=_morning(row.since),
    )
    return _entered(person, row.since)


def _school(row: SchoolRow, district: District) -> School:
    return School(
        district=district,
        uai=row.uai,
        name=row.name,
        commune=row.commune,
        insee_code=row.insee_code,
        week_pattern=row.week,
        priority_status=row.priority,
        pupil_count=row.pupils,
        latitude=row.latitude,
        longitude=row.longitude,
    )
