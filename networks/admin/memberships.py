"""The admin of the members of groups: each change of stage or standing is a move of their table."""

from __future__ import annotations

from datetime import date

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from circo.access import Permission
from circo.admin.fields import ScopedForm
from circo.admin.filters import ChoiceFilter
from circo.admin.history import KeptAdmin
from circo.admin.work import Work
from circo.models import Person, Posting
from circo.rules import Role
from networks.cycle.rules import SHORT_ANSWERS
from networks.groups import moving, rules, telling
from networks.groups.hands import hands_of
from networks.groups.rules import COUNTED, ENDED, NOWHERE, WORD_MOST, Hand, Stage, Standing, State, Verb
from networks.models import Membership, MutualisationGroup, WishCampaign

ANIMATES = (Role.ADVISER, Role.TRAINER)


def who_judges_nobody(people: QuerySet) -> QuerySet:
    """Without the inspectors of today and of tomorrow: a choice in a list would open to them all that a group shares,
    the films deposited before included, and their authors would not be asked."""
    judging = Posting.objects.in_force_or_coming(timezone.localdate()).filter(role=Role.INSPECTOR)
    return people.exclude(pk__in=judging.order_by().values("person_id"))


class WishFilter(ChoiceFilter):
    """Who has not answered, and what the others answered; among those who are asked, for who reads the wishes."""

    title = "vœu"
    parameter_name = "wish"

    def lookups(self, request, model_admin):
        if not request.user.reach().can(Permission.MANAGE_GROUPS):
            return []
        return [("none", "sans réponse"), *((answer.value, words) for answer, words in SHORT_ANSWERS.items())]

    def narrow(self, request, rows, value):
        managed = request.user.reach().district_ids_for(Permission.MANAGE_GROUPS)
        rows = rows.filter(group__network__district_id__in=managed)
        if value != "none":
            return rows.filter(wish__answer=value)
        asked = WishCampaign.objects.filter(
            district=OuterRef("group__network__district_id"), school_year=OuterRef("school_year_id")
        )
        return rows.filter(Exists(asked), wish__isnull=True, standing__in=COUNTED)


class CompanionFilter(ChoiceFilter):
    title = "accompagnement des deuxièmes années"
    parameter_name = "companion"

    def lookups(self, request, model_admin):
        return [("none", "personne de nommé"), ("named", "quelqu’un de nommé")]

    def narrow(self, request, rows, value):
        rows = rows.filter(stage=Stage.SECOND_YEAR, standing__in=COUNTED)
        return rows.filter(accompanied_by__isnull=value == "none")


class MembershipForm(ScopedForm):
    """A change of stage or standing is a move of the table: the same hands, the same refusals, a line in the same log.

    `by` is set by the admin.
    """

    near = {
        "membership_once_a_year": "person",
        "membership_known_state": "stage",
        "membership_left_on_some_day": "left_on",
    }
    by: Person
    made: tuple[Verb, State] | None = None  # the move, and where from
    why = forms.CharField(
        label="motif", required=False, max_length=WORD_MOST, help_text="Lu par la personne et par l’équipe."
    )

    def clean(self):
        typed = super().clean()
        stored = None
        if self.instance.pk:  # the row as it stands now: the form was read before
            stored = Membership.objects.select_for_update(of=("self",)).get(pk=self.instance.pk)
        source = stored.state if stored else NOWHERE
        standing, left_on = self._ending(source.standing)
        self.instance.standing, self.instance.left_on = standing, left_on
        self.cleaned_data |= {"standing": standing, "left_on": left_on}
        stage = self.cleaned_data.get("stage") or (stored.stage if stored else "")
        group = self.cleaned_data.get("group") or getattr(self.instance, "group", None)
        person = self.cleaned_data.get("person") or getattr(self.instance, "person", None)
        target = State(str(stage), str(standing))
        if stage and group and person and target != source:
            self._ask(source, target, hands_of(self.by, group, person.pk))
        return typed

    def _ending(self, before: str) -> tuple[str, date | None]:
        """A departure has its day, and a day of departure is one: whichever of the two was typed brings the other."""
        standing = self.cleaned_data.get("standing") or before or Standing.ACTIVE.value
        left_on = self.cleaned_data.get("left_on")
        if "standing" in self.changed_data or (standing in ENDED) == (left_on is not None):
            return standing, (left_on or timezone.localdate()) if standing in ENDED else None
        return (Standing.LEFT.value, left_on) if left_on else (Standing.ACTIVE.value, None)

    def _ask(self, source: State, target: State, hands: frozenset[Hand]) -> None:
        field = next(name for name in ("standing", "left_on") if name in self.fields)
        field = "stage" if source.stage not in ("", target.stage) else field
        verb = rules.verb_between(source, target)
        says = rules.refusal(verb, source, hands, target.stage) if verb else rules.refusal_between(source, target)
        if verb is None or says:
            self.add_error(field, says)
        else:
            self.made = (verb, source)

    def log(self) -> None:
        """Write the move, once the row is saved, and tell whom it concerns."""
        if self.made:
            verb, source = self.made
            move = moving.log(self.instance, verb, source, by=self.by, why=self.cleaned_data.get("why") or "")
            telling.tell(self.instance, move, hands_of(self.by, self.instance.group, self.instance.person_id))


@admin.register(Membership)
class MembershipAdmin(KeptAdmin):
    form = MembershipForm
    work = Work.GROUPS
    rank = 3
    seen_with = Permission.VIEW_TEAM
    edited_with = Permission.MANAGE_GROUPS
    fields = ("person", "group", "school_year", "stage", "standing", "left_on", "why", "origin", "accompanied_by")
    list_display = ("person", "group", "school_year", "stage", "standing", "left_on")
    list_select_related = ("person", "group", "school_year")
    list_filter = ("school_year", "stage", "standing", "group", WishFilter, CompanionFilter)
    search_fields = ("person__last_name", "person__first_name", "group__name")
    search_help_text = "Un nom, ou celui d’un groupe."
    autocomplete_fields = ("person",)

    def get_readonly_fields(self, request, obj=None):
        return ["person", "group", "school_year"] if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.by = request.user
        return form

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        form.log()

    def editable(self, request):
        """Never one's own: what is shared with a group would be shared with whoever wishes it."""
        rows = super().editable(request)
        return rows if request.user.reach().everything else rows.exclude(person_id=request.user.pk)

    def choices_of(self, request, field):
        rows = super().choices_of(request, field)
        if field.name == "group":
            return rows.filter(pk__in=MutualisationGroup.objects.editable_by(request.user).order_by().values("pk"))
        if field.name == "accompanied_by":
            team = Posting.objects.in_force(timezone.localdate()).filter(role__in=ANIMATES).order_by()
            relays = Membership.objects.in_force().filter(stage=Stage.RELAY).order_by()
            return rows.filter(Q(pk__in=team.values("person_id")) | Q(pk__in=relays.values("person_id")))
        if field.name == "person" and not request.user.reach().everything:
            return who_judges_nobody(rows.filter(is_active=True)).exclude(pk=request.user.pk)
        return rows
