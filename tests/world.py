"""The small world of the tests: two districts of two départements, the same shapes in both, and a persona per role.

Every text of the second district holds `MARK`, so that a sweep can look for a leak.
"""

from __future__ import annotations

import pickle
from collections import defaultdict
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, connection, transaction
from django.db.models import DateTimeField, Model
from django.db.models.signals import post_save
from django.db.models.sql import InsertQuery
from django.utils import timezone

from circo import rules
from circo.models import Departement, District, Institution, Person, Posting, School, SchoolYear
from circo.rules import Place, Role
from networks.models import Membership, MutualisationGroup, Network

MARK = "ZQXJKWVQ"  # in every text of the other district, and nowhere else, not by chance either in a signed cookie
PASSWORD = "une phrase longue et simple"


@dataclass
class Ground:
    """One district and what stands on it."""

    departement: Departement
    district: District
    schools: list[School]
    institution: Institution
    network: Network
    group: MutualisationGroup
    other_group: MutualisationGroup


@dataclass
class World:
    year: SchoolYear
    here: Ground
    there: Ground
    people: dict[str, Person] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None


def uai(departement: str, number: int) -> str:
    """Make a well-formed UAI."""
    digits = f"{int(departement):03d}{number:04d}"
    return digits + rules.uai_key(digits)


def school_year() -> SchoolYear:
    first, last = rules.school_year_bounds(timezone.localdate())
    return SchoolYear.objects.get_or_create(first_day=first, defaults={"last_day": last})[0]


def person(email: str, first_name: str, last_name: str, *, second_factor: bool = False, **fields) -> Person:
    """Make a person who can sign in with PASSWORD."""
    made = Person.objects.create_user(email, PASSWORD, first_name=first_name, last_name=last_name, **fields)
    made.emailaddress_set.create(email=made.email, verified=True, primary=True)
    if second_factor:
        Authenticator.objects.create(user=made, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return made


def post(who: Person, role: Role, place, **fields) -> Posting:
    """Give a role to a person since the beginning of the school year."""
    fields.setdefault("starts_on", rules.school_year_bounds(timezone.localdate())[0])
    return Posting.objects.create(person=who, role=role, **{rules.PLACE_OF_ROLE[role].value: place}, **fields)


def join(who: Person, group: MutualisationGroup) -> Membership:
    return Membership.objects.create(person=who, group=group, school_year=school_year())


def ground(code: str, mark: str = "") -> Ground:
    departement = Departement.objects.create(code=code, name=f"Département {code}{mark}")
    district = District.objects.create(departement=departement, name=f"Circonscription {code}{mark}")
    schools = [
        School.objects.create(
            district=district,
            uai=uai(code, n),
            name=f"École {n}{mark}",
            commune=f"Commune {n}{mark}",
            insee_code=f"{code}00{n}",
        )
        for n in (1, 2)
    ]
    network = Network.objects.create(district=district, name=f"Réseau {code}{mark}")
    group, other = (
        MutualisationGroup.objects.create(network=network, name=f"{name}{mark}")
        for name in ("Lire en GS", "Problèmes au CE1")
    )
    institution = Institution.objects.create(departement=departement, name=f"INSPÉ {code}{mark}")
    return Ground(departement, district, schools, institution, network, group, other)


THEN = datetime(2001, 1, 1, 1, 1, 1, 1, UTC)  # stands for the time of writing in what is written again


@dataclass
class Kept:
    """A world that was built, as bytes, and the statements that write its rows under the same keys."""

    world: bytes
    statements: list[tuple[str, Sequence[Any]]]

    def again(self) -> World:
        """Raises: IntegrityError if some of the rows are there."""
        adapt = connection.ops.adapt_datetimefield_value
        then, now = adapt(THEN), adapt(timezone.now())

        def dated(value: Any) -> Any:
            if isinstance(value, list | tuple):  # PostgreSQL takes a column at once
                return [dated(one) for one in value]
            return now if value == then else value

        with transaction.atomic(), connection.cursor() as cursor:
            for sql, params in self.statements:
                cursor.execute(sql, dated(params))
        return pickle.loads(self.world)


_kept: dict[tuple[date, str], Kept] = {}  # of a day, in a database: its sequences have passed these keys


def build() -> World:
    """Build the world, or write it again as it was built before in this process: most tests begin by it."""
    where = timezone.localdate(), repr(connection.get_connection_params())
    if kept := _kept.get(where):
        try:
            return kept.again()
        except IntegrityError:  # another fixture came first
            return _build()
    rows: list[Model] = []

    def keep(instance: Model, created: bool, **_: Any) -> None:
        if created:
            rows.append(instance)

    since = timezone.now()
    post_save.connect(keep, weak=False)
    try:
        world = _build()
    finally:
        post_save.disconnect(keep)
    if world.year in rows:  # else it is the school year of another fixture, which will not be there next time
        _kept[where] = Kept(pickle.dumps(world), _statements(rows, since))
    return world


def _statements(rows: list[Model], since: datetime) -> list[tuple[str, Sequence[Any]]]:
    """What inserts these rows, with THEN for the times that were set `since` then."""
    by_model: dict[type[Model], list[Model]] = defaultdict(list)
    for row in map(copy, rows):
        for one in row._meta.concrete_fields:
            value = getattr(row, one.attname) if isinstance(one, DateTimeField) else None
            if value is not None and since <= value <= timezone.now():
                setattr(row, one.attname, THEN)
        by_model[type(row)].append(row)
    found: list[tuple[str, Sequence[Any]]] = []
    for model, of_model in by_model.items():
        query = InsertQuery(model)
        fields = [one for one in model._meta.concrete_fields if not one.generated]
        query.insert_values(fields, of_model, raw=True)
        found += query.get_compiler(connection=connection).as_sql()
    return found


def _build() -> World:
    """Amina and Bruno share a group; Chloé is of another group of the same district; Denis of the
    other district. Every role has a persona here (`inspector`) and there (`inspector_there`)."""
    world = World(year=school_year(), here=ground("27"), there=ground("76", mark=f" {MARK}"))
    for name, first, place, group in (
        ("amina", "Amina", world.here, world.here.group),
        ("bruno", "Bruno", world.here, world.here.group),
        ("chloe", "Chloé", world.here, world.here.other_group),
        ("denis", f"Denis {MARK}", world.there, world.there.group),
    ):
        world.people[name] = person(f"{name}@ecole.test", first, "Petit")
        post(world.people[name], Role.TEACHER, place.schools[0], levels=["CE1"], class_size=24)
        join(world.people[name], group)
    for suffix, place, mark in (("", world.here, ""), ("_there", world.there, MARK)):
        for role in Role:
            name = f"{role.value.lower()}{suffix}"
            who = person(
                f"{name}@partages.test",
                f"{role.value.title()}{mark}",
                "Martin",
                second_factor=role in rules.SECOND_FACTOR_ROLES,
            )
            of_role = {
                Place.SCHOOL: place.schools[1],
                Place.DISTRICT: place.district,
                Place.DEPARTEMENT: place.departement,
                Place.INSTITUTION: place.institution,
            }[rules.PLACE_OF_ROLE[role]]
            post(who, role, of_role)
            world.people[name] = who
    world.people["superuser"] = person("admin@partages.test", "Sacha", "Root", second_factor=True, is_superuser=True)
    world.people["former"] = person("former@partages.test", "Félix", "Ancien")
    yesterday = timezone.localdate() - timedelta(days=1)
    post(
        world.people["former"],
        Role.TEACHER,
        world.here.schools[0],
        starts_on=yesterday - timedelta(days=300),
        ends_on=yesterday,
    )
    world.people["deactivated"] = person("deactivated@partages.test", "Dora", "Fermée", is_active=False)
    post(world.people["deactivated"], Role.TEACHER, world.here.schools[0])
    return world
