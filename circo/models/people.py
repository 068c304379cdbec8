"""People, and the roles that they hold from one date to another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Coalesce, Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from simple_history.models import HistoricalRecords

from circo import rules
from circo.access import NO_REACH, Ground, Permission, Reach
from circo.models.folding import folded_column
from circo.models.places import Departement, District, Institution, School
from circo.rules import Place, Role

if TYPE_CHECKING:
    from circo.access import Anyone

SECOND_FACTORS = ["totp", "webauthn"]  # types of allauth's authenticators


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, person: Anyone) -> Self:
        """Oneself, and whoever works in a district whose team one belongs to."""
        if not person.is_authenticated:
            return self.none()
        reach = person.reach()
        if reach.everything:
            return self
        # Not only today's postings: the team still finds somebody who left, or who comes in September.
        overseen = reach.district_ids_for(Permission.VIEW_TEAM)
        places = Q(school__district_id__in=overseen) | Q(district_id__in=overseen)
        return self.filter(Q(pk=person.pk) | Q(pk__in=Posting.objects.filter(places).values("person_id")))

    def posted_in(self, district_ids: Iterable[int]) -> Self:
        """Whoever works, worked or will work in one of these districts."""
        places = Q(school__district_id__in=district_ids) | Q(district_id__in=district_ids)
        return self.filter(pk__in=Posting.objects.filter(places).values("person_id"))

    def editable_by(self, person: Anyone) -> Self:
        """Whoever holds, in a district whose people one manages, roles that one may give; never oneself.

        Not somebody who also works elsewhere or holds a higher role: changing an e-mail address takes the account.
        """
        if not person.is_authenticated:
            return self.none()
        if person.reach().everything:
            return self
        given = Posting.objects.filter(_given_by(person.reach()))
        others = Posting.objects.in_force(timezone.localdate()).exclude(pk__in=given.values("pk"))
        # A higher role that begins next September counts today; a school elsewhere, only from its first day.
        higher = Posting.objects.in_force_or_coming(timezone.localdate()).exclude(role__in=person.reach().roles_given)
        return (
            self.filter(pk__in=given.values("person_id"), is_superuser=False)
            .exclude(pk=person.pk)
            .exclude(pk__in=others.values("person_id"))
            .exclude(pk__in=higher.values("person_id"))
        )


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """Make a person; without a password, only an invitation opens the account."""
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save()
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Person:
        return self.create_user(email, password, is_superuser=True, **fields)


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody who uses the platform. The e-mail is the login; no NUMEN is kept, ever."""

    if TYPE_CHECKING:  # given by other packages
        authenticator_set: Any
        _history_user: Person

    email = models.EmailField(
        "adresse e-mail", unique=True, error_messages={"unique": "Cette adresse e-mail est déjà celle d’un compte."}
    )
    first_name = models.CharField("prénom", max_length=80)
    last_name = models.CharField("nom", max_length=80)
    is_active = models.BooleanField("compte ouvert", default=True)
    joined_at = models.DateTimeField("inscrit le", default=timezone.now, editable=False)
    # Part of what a session must match: raising it ends every session of this person (see circo.sign_in.sessions).
    sessions_epoch = models.PositiveIntegerField(default=0, editable=False)
    folded = folded_column("last_name", "first_name")

    objects = PersonManager.from_queryset(PersonQuerySet)()
    history = HistoricalRecords(excluded_fields=["password", "last_login", "sessions_epoch", "folded"])

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    class Meta:
        verbose_name = "personne"
        ordering = ["last_name", "first_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="person_email_once",
                violation_error_message="Cette adresse e-mail est déjà celle d’un compte.",
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def clean(self) -> None:
        self.email = (self.email or "").strip().lower()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Leave no line of history when only a sign-in or a password changes: logins are nobody's business."""
        if set(kwargs.get("update_fields") or ["email"]) <= {"last_login", "password", "sessions_epoch"}:
            self.skip_history_when_saving = True
        try:
            super().save(*args, **kwargs)
        finally:
            self.__dict__.pop("skip_history_when_saving", None)

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def get_short_name(self) -> str:
        return self.first_name

    @property
    def is_staff(self) -> bool:
        """Django's admin asks this name: who may open the admin."""
        return self.is_active and self.reach().can(Permission.USE_ADMIN)

    def reach(self) -> Reach:
        """What this person's roles of today cover; read once per instance."""
        if not hasattr(self, "_reach"):
            self._reach = _reach_of(self) if self.is_active else NO_REACH
        return self._reach

    def needs_second_factor(self) -> bool:
        return self.is_superuser or bool(self.reach().roles & rules.SECOND_FACTOR_ROLES)

    def lacks_second_factor(self) -> bool:
        """Tell whether a role asks for a second factor that this account does not have yet."""
        if not self.needs_second_factor():
            return False
        # Recovery codes alone are a way back in, not a factor.
        return not self.authenticator_set.filter(type__in=SECOND_FACTORS).exists()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        text = f"{self.password}:{self.sessions_epoch}"
        return salted_hmac("circo.models.Person.session", text, secret=secret, algorithm="sha256").hexdigest()


def _reach_of(person: Person) -> Reach:
    """Read the postings in force and the places that they cover (at most two queries)."""
    if person.is_superuser:
        return Reach(
            everything=True,
            all_district_ids=frozenset(District.objects.values_list("pk", flat=True)),
            all_departement_ids=frozenset(Departement.objects.values_list("pk", flat=True)),
            all_institution_ids=frozenset(Institution.objects.values_list("pk", flat=True)),
        )
    postings = list(
        Posting.objects.in_force(timezone.localdate())
        .filter(person=person)
        .values("role", "school__district_id", "school__district__departement_id", "district_id")
        .annotate(
            district_departement_id=F("district__departement_id"),
            held_departement_id=F("departement_id"),
            held_institution_id=F("institution_id"),
        )
        .order_by("pk")
    )
    whole = {row["held_departement_id"] for row in postings if row["held_departement_id"]}
    districts: dict[int, set[int]] = {pk: set() for pk in whole}
    if whole:
        for pk, departement_id in District.objects.filter(departement_id__in=whole).values_list("pk", "departement_id"):
            districts[departement_id].add(pk)
    grounds = tuple(_ground(row, districts) for row in postings)
    return Reach(grounds=grounds, roles=frozenset(ground.role for ground in grounds))


def _ground(row: Mapping[str, Any], districts: dict[int, set[int]]) -> Ground:
    departement_id = row["held_departement_id"]
    district_id = row["school__district_id"] or row["district_id"]
    return Ground(
        role=Role(row["role"]),
        district_ids=frozenset(districts[departement_id]) if departement_id else frozenset({district_id} - {None}),
        departement_id=departement_id or row["school__district__departement_id"] or row["district_departement_id"],
        covers_departement=departement_id is not None,
        institution_id=row["held_institution_id"],
    )


class PostingQuerySet(models.QuerySet["Posting"]):
    def in_force(self, on: date) -> Self:
        return self.filter(starts_on__lte=on).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))

    def in_force_or_coming(self, on: date) -> Self:
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))

    def visible_to(self, person: Anyone) -> Self:
        """One's own, and those of the districts whose team one belongs to."""
        if not person.is_authenticated:
            return self.none()
        reach = person.reach()
        if reach.everything:
            return self
        overseen = reach.district_ids_for(Permission.VIEW_TEAM)
        places = Q(school__district_id__in=overseen) | Q(district_id__in=overseen)
        return self.filter(Q(person_id=person.pk) | places)

    def editable_by(self, person: Anyone) -> Self:
        """Those of the roles that one may give, in the districts where one may; never one's own."""
        if not person.is_authenticated:
            return self.none()
        if person.reach().everything:
            return self
        return self.filter(_given_by(person.reach())).exclude(person_id=person.pk)


def _given_by(reach: Reach) -> Q:
    """The postings whose role, in that place, somebody of this reach may give."""
    given = Q(pk__in=[])
    for ground in reach.grounds:
        if roles := rules.ROLES_GIVEN_BY.get(ground.role):
            places = Q(school__district_id__in=ground.district_ids) | Q(district_id__in=ground.district_ids)
            if ground.institution_id is not None:
                places |= Q(institution_id=ground.institution_id)
            given |= Q(role__in=roles) & places
    return given


def check_levels(codes: list[str]) -> None:
    """Raise ValidationError for a level that no class has."""
    if unknown := sorted(set(codes) - set(rules.GradeLevel)):
        raise ValidationError(f"Niveau inconnu : {', '.join(unknown)}.", code="levels")


def check_half_days(codes: list[str]) -> None:
    """Raise ValidationError for a half-day that no week has."""
    if unknown := sorted(set(codes) - set(rules.HALF_DAYS)):
        raise ValidationError(f"Demi-journée inconnue : {', '.join(unknown)}.", code="half_days")


_PLACE_FIELDS = [place.value for place in Place]


def _one_place_per_role() -> Q:
    """The database's own form of `rules.PLACE_OF_ROLE`: the right place is set, and no other."""
    condition = Q()
    for place in Place:
        roles = sorted(role for role, its_place in rules.PLACE_OF_ROLE.items() if its_place is place)
        filled = {f"{name}__isnull": name != place.value for name in _PLACE_FIELDS}
        condition |= Q(role__in=roles, **filled)
    return condition


class Posting(models.Model):
    """A role held by a person in one place, from one date to another."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="postings", verbose_name="personne")
    role = models.CharField("rôle", max_length=20, choices=rules.worded(rules.ROLE_LABELS))
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="postings", verbose_name="école"
    )
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="postings", verbose_name="circonscription"
    )
    departement = models.ForeignKey(
        Departement, models.PROTECT, null=True, blank=True, related_name="postings", verbose_name="département"
    )
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="postings", verbose_name="institut"
    )
    levels = models.JSONField("niveaux de la classe", default=list, blank=True, validators=[check_levels])
    class_size = models.PositiveSmallIntegerField(
        "nombre d’élèves de la classe",
        null=True,
        blank=True,
        validators=[
            MinValueValidator(1, "Une classe compte au moins un élève."),
            MaxValueValidator(rules.CLASS_SIZE_MAX, f"Une classe compte au plus {rules.CLASS_SIZE_MAX} élèves."),
        ],
    )
    half_days = models.JSONField(
        "demi-journées travaillées", default=list, blank=True, validators=[check_half_days], help_text="Vide : toutes."
    )
    share_percent = models.PositiveSmallIntegerField(
        "quotité",
        default=100,
        validators=[
            MinValueValidator(1, "La quotité va de 1 à 100."),
            MaxValueValidator(100, "La quotité va de 1 à 100."),
        ],
        help_text="En pour cent d’un service complet\u00a0: 100, 80, 50… Les 18 heures en dépendent.",
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)

    objects = PostingQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "affectation"
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="posting_in_order",
                violation_error_message="La date de fin vient après la date de début.",
            ),
            models.CheckConstraint(
                condition=_one_place_per_role(),
                name="posting_one_place_per_role",
                violation_error_message="Choisissez le lieu qui convient au rôle, et lui seul : une école pour un "
                "enseignant, une circonscription pour son équipe, un département ou un institut.",
            ),
            models.CheckConstraint(
                condition=Q(class_size__isnull=True) | Q(class_size__range=(1, rules.CLASS_SIZE_MAX)),
                name="posting_class_size",
                violation_error_message=f"Une classe compte de 1 à {rules.CLASS_SIZE_MAX} élèves.",
            ),
            models.CheckConstraint(
                condition=Q(share_percent__range=(1, 100)),
                name="posting_share",
                violation_error_message="La quotité va de 1 à 100.",
            ),
            models.UniqueConstraint(
                "person",
                "role",
                "starts_on",
                # The role tells which of the four is set, so one column is enough to compare the places.
                # Cast, or PostgreSQL cannot compare them with the values of a form, whose nulls have no type.
                Cast(Coalesce("school", "district", "departement", "institution"), models.BigIntegerField()),
                name="posting_once",
                violation_error_message="Cette affectation existe déjà.",
            ),
        ]
        indexes = [models.Index(fields=["starts_on", "ends_on"], name="posting_dates")]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, du {self.starts_on:%d/%m/%Y}"
