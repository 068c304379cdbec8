"""Filters of the lists: they offer what one sees, and find nothing for a value that one does not see."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin.filters import RelatedFieldListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from circo.models import Invitation, Posting, School, SchoolYear
from circo.rules import ROLE_LABELS, Role

MOST_CHOICES = 100  # beyond, one searches by name


class ScopedRelatedFilter(RelatedFieldListFilter):
    """A related object, among those that the person sees. An id typed by hand finds nothing outside of them."""

    def field_choices(self, field, request, model_admin):
        rows = field.remote_field.model.objects.visible_to(request.user)[: MOST_CHOICES + 1]
        return [(row.pk, str(row)) for row in rows]

    def has_output(self):
        return len(self.lookup_choices) <= MOST_CHOICES and super().has_output()

    def queryset(self, request, queryset):
        offered = {str(pk) for pk, _ in self.lookup_choices}
        if not {str(pk) for pk in self.used_parameters.get(self.lookup_kwarg, ())} <= offered:
            return queryset.none()
        return super().queryset(request, queryset)


class ChoiceFilter(admin.SimpleListFilter):
    """A question of our own. Any other value than those offered finds nothing."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value()
        if value is None:
            return queryset
        if value not in {str(choice) for choice, _ in self.lookup_choices}:
            return queryset.none()
        return self.narrow(request, queryset, value)

    def narrow(self, request: HttpRequest, rows: QuerySet, value: str) -> QuerySet:
        raise NotImplementedError


def _people_of(postings: QuerySet[Posting]) -> QuerySet:
    return postings.order_by().values("person_id")


class RoleFilter(ChoiceFilter):
    title = "rôle d’aujourd’hui"
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return [(role.value, ROLE_LABELS[role]) for role in Role]

    def narrow(self, request, rows, value):
        postings = Posting.objects.visible_to(request.user).in_force(timezone.localdate()).filter(role=value)
        return rows.filter(pk__in=_people_of(postings))


class SchoolFilter(ChoiceFilter):
    title = "école d’aujourd’hui"
    parameter_name = "school"

    def lookups(self, request, model_admin):
        schools = School.objects.visible_to(request.user)[: MOST_CHOICES + 1]
        return [(school.pk, str(school)) for school in schools]

    def has_output(self):
        return 0 < len(self.lookup_choices) <= MOST_CHOICES

    def narrow(self, request, rows, value):
        postings = Posting.objects.visible_to(request.user).in_force(timezone.localdate()).filter(school_id=value)
        return rows.filter(pk__in=_people_of(postings))


class YearFilter(ChoiceFilter):
    """Postings, or people who hold one, of a school year."""

    title = "année scolaire"
    parameter_name = "year"

    def lookups(self, request, model_admin):
        return [(year.pk, str(year)) for year in SchoolYear.objects.visible_to(request.user)]

    def narrow(self, request, rows, value):
        year = SchoolYear.objects.visible_to(request.user).get(pk=value)
        during = Q(starts_on__lte=year.last_day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=year.first_day))
        if rows.model is Posting:
            return rows.filter(during)
        return rows.filter(pk__in=_people_of(Posting.objects.visible_to(request.user).filter(during)))


class NowFilter(ChoiceFilter):
    """For what runs from a date to another."""

    title = "situation"
    parameter_name = "when"

    def lookups(self, request, model_admin):
        return [("now", "en cours"), ("past", "terminé"), ("coming", "à venir")]

    def narrow(self, request, rows, value):
        today = timezone.localdate()
        if value == "past":
            return rows.filter(ends_on__lt=today)
        if value == "coming":
            return rows.filter(starts_on__gt=today)
        return rows.filter(starts_on__lte=today).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))


# Somebody who came in by password or by a single sign-on has opened the account; an unusable password starts with "!".
OPENED = ~Q(password__startswith="!") | Q(last_login__isnull=False)  # noqa: S106 (not a password: the sign of none)


class AccountFilter(ChoiceFilter):
    title = "compte"
    parameter_name = "account"

    def lookups(self, request, model_admin):
        return [
            ("open", "ouvert"),
            ("none", "pas encore ouvert"),
            ("waiting", "invitation en attente"),
            ("closed", "fermé"),
        ]

    def narrow(self, request, rows, value):
        if value == "closed":
            return rows.filter(is_active=False)
        if value == "open":
            return rows.filter(OPENED, is_active=True)
        rows = rows.filter(~OPENED, is_active=True)
        if value == "waiting":
            usable = Invitation.objects.usable_at(timezone.now()).order_by().values("person_id")
            return rows.filter(pk__in=usable)
        return rows


class ClosedSchoolFilter(ChoiceFilter):
    title = "ouverture"
    parameter_name = "open"

    def lookups(self, request, model_admin):
        return [("yes", "ouverte"), ("no", "fermée"), ("empty", "sans personne affectée")]

    def narrow(self, request, rows, value):
        today = timezone.localdate()
        if value == "no":
            return rows.filter(closed_on__lte=today)
        rows = rows.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=today))
        if value == "empty":
            held = Posting.objects.in_force(today).filter(school__isnull=False).order_by().values("school_id")
            return rows.exclude(pk__in=held)
        return rows
