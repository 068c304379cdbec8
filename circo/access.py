"""Who may do what: permissions, the roles that give them, a person's reach, and the rule of each view.

A view declares its rule with one decorator (`public`, `signed_in`, `requires`); `AccessMiddleware` refuses a view that
declares none. Rows are narrowed by `visible_to(person)` / `editable_by(person)` on their QuerySet; outside it: 404.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, Protocol

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse

from circo.rules import ROLES_GIVEN_BY, Role

View = Callable[..., HttpResponse]


class Permission(StrEnum):
    USE_PORTAL = "use_portal"  # the portal's own pages
    DEPOSIT_FILM = "deposit_film"
    WATCH_FILMS = "watch_films"  # those that their author opens to the whole district
    VISIT_CLASSES = "visit_classes"  # of colleagues, as a colleague: nobody whose role judges
    VIEW_TEAM = "view_team"  # what the inspector's team sees of its district: people, postings, groups
    USE_ADMIN = "use_admin"
    MANAGE_PEOPLE = "manage_people"  # create, invite, post, close
    MANAGE_PLACES = "manage_places"
    MANAGE_GROUPS = "manage_groups"
    DECIDE_GROUPS = "decide_groups"  # the wishes, who goes on, the new school year
    KEEP_THIRD_PLACES = "keep_third_places"  # describe them, open and close them, free a room
    USE_IMPORTS = "use_imports"  # the pages where tables are brought: each sort of table says who brings it
    IMPORT = "import"  # schools and people
    VIEW_HOURS = "view_hours"  # the 18 hours of the teachers of one's district
    CONFIRM_HOURS = "confirm_hours"  # that somebody was there; never for oneself
    VALIDATE_HOURS = "validate_hours"
    OVERSEE_DEPARTEMENT = "oversee_departement"
    PREPARE_DAYS = "prepare_days"  # the sharing days: their date, programme, list, presences, evaluation
    EXCEED_LEAVING = "exceed_leaving"  # let more teachers leave one school than the district sets
    CONVENE = "convene"  # send the convocations and the mission orders of a sharing day
    VIEW_BRIGADE = "view_brigade"  # the substitutes of the département: who, from where, free when; never why not
    MANAGE_BRIGADE = "manage_brigade"  # what is known of them, when they are not free and why
    PLAN_COVER = "plan_cover"  # which classes a day leaves, who takes them
    PREPARE_FESTIVAL = "prepare_festival"  # its call, what is retained, the public page, the volunteers, the photos
    VALIDATE_COVER = "validate_cover"  # that the brigade can do what a plan says
    PUBLISH_COVER = "publish_cover"  # put a plan in force: those whom it concerns are told
    OFFER_CLASS = "offer_class"  # one's own, to students; as a head teacher, answer for those of one's school
    MANAGE_STUDENTS = "manage_students"  # of one's institution: courses, cohorts, who is in them, the agreements
    WRITE_PATHS = "write_paths"  # training paths of one's district: their modules, steps, sessions
    PUBLISH_PLACEMENTS = "publish_placements"  # tell everybody who goes to which class, and on what legal basis


_CLASS = {Permission.USE_PORTAL, Permission.DEPOSIT_FILM, Permission.WATCH_FILMS, Permission.VISIT_CLASSES}
_TEAM = {Permission.USE_PORTAL, Permission.VIEW_TEAM, Permission.USE_ADMIN, Permission.VIEW_BRIGADE}
_OFFICE = {Permission.MANAGE_PEOPLE, Permission.MANAGE_PLACES, Permission.USE_IMPORTS, Permission.IMPORT}
_DAYS = {Permission.PREPARE_DAYS, Permission.CONVENE, Permission.PLAN_COVER, Permission.PREPARE_FESTIVAL}
_HOURS = {Permission.VIEW_HOURS, Permission.CONFIRM_HOURS, Permission.VALIDATE_HOURS}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.TEACHER: frozenset(_CLASS | {Permission.OFFER_CLASS}),
    Role.HEAD_TEACHER: frozenset(_CLASS | {Permission.OFFER_CLASS}),
    Role.SUBSTITUTE: frozenset(_CLASS),
    Role.TRAINER: frozenset(_CLASS | {Permission.WRITE_PATHS}),
    Role.ADVISER: frozenset(
        _CLASS
        | _TEAM
        | {Permission.MANAGE_GROUPS, Permission.KEEP_THIRD_PLACES, Permission.VIEW_HOURS, Permission.CONFIRM_HOURS}
        | {Permission.PREPARE_DAYS, Permission.PREPARE_FESTIVAL, Permission.WRITE_PATHS}
    ),
    # An inspector is in the circle of no group, and so shares no film with one.
    Role.INSPECTOR: frozenset(
        _TEAM
        | _OFFICE
        | _HOURS
        | _DAYS
        | {Permission.MANAGE_GROUPS, Permission.DECIDE_GROUPS, Permission.KEEP_THIRD_PLACES, Permission.WATCH_FILMS}
        | {Permission.PUBLISH_COVER, Permission.EXCEED_LEAVING, Permission.PUBLISH_PLACEMENTS}
    ),
    Role.SECRETARY: frozenset(_TEAM | _OFFICE | _DAYS | {Permission.KEEP_THIRD_PLACES, Permission.VIEW_HOURS}),
    Role.BRIGADE_MANAGER: frozenset(
        {Permission.USE_PORTAL, Permission.VIEW_BRIGADE, Permission.MANAGE_BRIGADE, Permission.USE_IMPORTS}
        | {Permission.PLAN_COVER, Permission.VALIDATE_COVER, Permission.PUBLISH_COVER}
    ),
    Role.DEPARTEMENT: frozenset(_TEAM | {Permission.OVERSEE_DEPARTEMENT}),
    Role.PARTNER_COORDINATOR: frozenset(
        {Permission.USE_PORTAL, Permission.MANAGE_STUDENTS, Permission.PUBLISH_PLACEMENTS, Permission.USE_IMPORTS}
    ),
    Role.STUDENT: frozenset({Permission.USE_PORTAL}),
}


@dataclass(frozen=True)
class Ground:
    """One role held today, and the ids of the places that it covers."""

    role: Role
    district_ids: frozenset[int] = frozenset()
    departement_id: int | None = None  # in which it is held
    covers_departement: bool = False  # and not some place of it alone
    institution_id: int | None = None


@dataclass(frozen=True)
class Reach:
    """All that a person's roles of today cover. `everything` is the technical administrator's."""

    grounds: tuple[Ground, ...] = ()
    everything: bool = False
    all_district_ids: frozenset[int] = frozenset()
    all_departement_ids: frozenset[int] = frozenset()
    all_institution_ids: frozenset[int] = frozenset()
    roles: frozenset[Role] = frozenset()

    def can(self, permission: Permission) -> bool:
        return self.everything or any(permission in ROLE_PERMISSIONS[ground.role] for ground in self.grounds)

    @property
    def roles_given(self) -> frozenset[Role]:
        """The roles that this person may give somewhere."""
        return self._given_by(self.grounds)

    def _holding(self, permission: Permission) -> Iterable[Ground]:
        return (ground for ground in self.grounds if permission in ROLE_PERMISSIONS[ground.role])

    @property
    def district_ids(self) -> frozenset[int]:
        return self.all_district_ids | _districts_of(self.grounds)

    @property
    def departement_ids(self) -> frozenset[int]:
        return self.all_departement_ids | _departements_of(self.grounds)

    @property
    def institution_ids(self) -> frozenset[int]:
        mine = (ground.institution_id for ground in self.grounds if ground.institution_id is not None)
        return self.all_institution_ids | frozenset(mine)

    def institution_ids_for(self, permission: Permission) -> frozenset[int]:
        """The institutions in which a role of this person gives `permission`."""
        mine = (ground.institution_id for ground in self._holding(permission) if ground.institution_id is not None)
        return self.all_institution_ids | frozenset(mine)

    def district_ids_for(self, permission: Permission) -> frozenset[int]:
        """The districts in which a role of this person gives `permission`."""
        return self.all_district_ids | self.district_ids_held_for(permission)

    def district_ids_held_for(self, permission: Permission) -> frozenset[int]:
        """The same, by a role that one holds: for what the technical administrator does not read."""
        return _districts_of(self._holding(permission))

    def district_ids_as(self, *roles: Role) -> frozenset[int]:
        """The districts in which this person holds one of these roles."""
        return _districts_of(ground for ground in self.grounds if ground.role in roles)

    def roles_given_in(self, district_id: int) -> frozenset[Role]:
        """The roles that this person may give in that district."""
        return self._given_by(ground for ground in self.grounds if district_id in ground.district_ids)

    def _given_by(self, grounds: Iterable[Ground]) -> frozenset[Role]:
        if self.everything:
            return frozenset(Role)
        return frozenset().union(*(ROLES_GIVEN_BY.get(ground.role, ()) for ground in grounds))

    def departement_ids_for(self, permission: Permission) -> frozenset[int]:
        """The départements for the whole of which a role of this person gives `permission`."""
        return self.all_departement_ids | _departements_of(
            ground for ground in self._holding(permission) if ground.covers_departement
        )

    def departement_ids_around(self, permission: Permission) -> frozenset[int]:
        """The départements of the places, large or small, where a role of this person gives `permission`."""
        return self.all_departement_ids | _departements_of(self._holding(permission))


def _departements_of(grounds: Iterable[Ground]) -> frozenset[int]:
    return frozenset(ground.departement_id for ground in grounds if ground.departement_id is not None)


def _districts_of(grounds: Iterable[Ground]) -> frozenset[int]:
    return frozenset().union(*(ground.district_ids for ground in grounds))


NO_REACH = Reach()


class Visitor(AnonymousUser):
    """Somebody who is not signed in: reaches nothing."""

    def reach(self) -> Reach:
        return NO_REACH


class Anyone(Protocol):
    """A person or a visitor: what scopes ask of it. `Person` and `Visitor` answer it."""

    @property
    def pk(self) -> int | None: ...

    @property
    def is_authenticated(self) -> bool: ...

    @property
    def is_active(self) -> bool: ...

    def reach(self) -> Reach: ...


@dataclass(frozen=True)
class ViewRule:
    """What `AccessMiddleware` asks before a view runs."""

    signed_in: bool
    permission: Permission | None = None


PUBLIC = ViewRule(signed_in=False)
SIGNED_IN = ViewRule(signed_in=True)


def _declare(rule: ViewRule) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def ruled(*args: Any, **kwargs: Any) -> HttpResponse:
            return view(*args, **kwargs)

        ruled.access_rule = rule  # type: ignore[attr-defined]
        return ruled

    return decorate


public = _declare(PUBLIC)
signed_in = _declare(SIGNED_IN)


def requires(permission: Permission) -> Callable[[View], View]:
    """Open a view to those whose roles give `permission`; 404 for the others."""
    return _declare(ViewRule(signed_in=True, permission=permission))
