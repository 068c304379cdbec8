"""People and the roles that they hold."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, ForeignKey, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from circo import accounts, invitations
from circo.access import Permission
from circo.admin.confirm import question, said_yes
from circo.admin.filters import AccountFilter, NowFilter, RoleFilter, SchoolFilter, YearFilter
from circo.admin.forms import PostingForm, PostingFormSet
from circo.admin.history import KeptAdmin
from circo.admin.inlines import ScopedInline
from circo.admin.work import Work
from circo.errors import Refusal
from circo.models import Invitation, Person, Posting
from circo.personal import actions as personal
from circo.rules import ROLE_LABELS, Place, half_day_in_words

_PLACES = tuple(place.value for place in Place)


def is_open(person: Person) -> bool:
    """Tell whether the person came in once, by a password or by a single sign-on."""
    return person.has_usable_password() or person.last_login is not None


class PostingShape:
    """The fields of a posting, wherever it is edited: the places and the roles that this person may give."""

    form = PostingForm
    autocomplete_fields = _PLACES

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        places = _PLACES if request.user.reach().everything else (Place.SCHOOL.value, Place.DISTRICT.value)
        lists = ["levels", "half_days"] if self._writes(request, obj) else ["levels_text", "half_days_text"]
        return ["role", *places, "starts_on", "ends_on", lists[0], "class_size", lists[1], "share_percent"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [] if self._writes(request, obj) else ["levels_text", "half_days_text"]

    def _writes(self, request: HttpRequest, obj: Any) -> bool:
        return self.has_change_permission(request, obj) if obj else self.has_add_permission(request)

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        field = super().formfield_for_choice_field(db_field, request, **kwargs)
        if db_field.name == "role":
            given = request.user.reach().roles_given
            field.choices = [
                ("", "Choisissez"),
                *((role.value, ROLE_LABELS[role]) for role in ROLE_LABELS if role in given),
            ]
        return field

    @admin.display(description="niveaux de la classe")
    def levels_text(self, posting: Posting) -> str:
        return ", ".join(posting.levels)

    @admin.display(description="demi-journées travaillées")
    def half_days_text(self, posting: Posting) -> str:
        return ", ".join(map(half_day_in_words, posting.half_days)) or "toutes"


class PostingInline(PostingShape, ScopedInline):
    model = Posting
    formset = PostingFormSet
    fk_name = "person"
    verbose_name_plural = "affectations"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*_PLACES)

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj else 1

    def _writes(self, request, obj):
        people = self.admin_site.get_model_admin(Person)
        return people.has_change_permission(request, obj) if obj else people.has_add_permission(request)


@admin.register(Person)
class PersonAdmin(KeptAdmin):
    work = Work.PEOPLE
    rank = 1
    seen_with = Permission.VIEW_TEAM
    edited_with = Permission.MANAGE_PEOPLE
    imported_as = "personnes"
    list_display = ("full_name", "roles_today", "places_today", "email", "account")
    list_filter = (RoleFilter, AccountFilter, YearFilter, SchoolFilter)
    search_fields = ("last_name", "first_name", "email")
    search_help_text = "Un nom, un prénom ou une adresse e-mail."
    inlines = (PostingInline,)
    actions = ("send_invitation", "close_account", "reopen_account", "erase")

    def get_queryset(self, request):
        today = timezone.localdate()
        postings = Posting.objects.visible_to(request.user).in_force(today).select_related(*_PLACES)
        waiting = Invitation.objects.usable_at(timezone.now()).filter(person_id=OuterRef("pk")).order_by()
        rows = super().get_queryset(request).annotate(is_invited=Exists(waiting))
        return rows.prefetch_related(Prefetch("postings", postings, to_attr="postings_today"))

    def get_fields(self, request, obj=None):
        first = ["first_name", "last_name", "email"]
        technical = ["is_superuser"] if request.user.is_superuser else []
        return [*first, *technical, *(["account", "joined_at"] if obj else [])]

    def get_readonly_fields(self, request, obj=None):
        # Whoever changes the address of an open account can choose its password, then watch its films.
        held = obj is not None and is_open(obj) and not request.user.reach().everything
        return [*(["email"] if held else []), *(["account", "joined_at"] if obj else [])]

    @admin.display(description="personne", ordering="last_name")
    def full_name(self, person: Person) -> str:
        return f"{person.last_name} {person.first_name}"

    @admin.display(description="rôle")
    def roles_today(self, person: Person) -> str:
        return ", ".join(dict.fromkeys(posting.get_role_display() for posting in person.postings_today))

    @admin.display(description="lieu")
    def places_today(self, person: Person) -> str:
        places = (getattr(posting, name) for posting in person.postings_today for name in _PLACES)
        return ", ".join(dict.fromkeys(str(place) for place in places if place))

    @admin.display(description="compte")
    def account(self, person: Person) -> str:
        if not person.is_active:
            return "fermé"
        if is_open(person):
            return "ouvert"
        return "invitation en attente" if person.is_invited else "pas encore ouvert"

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()  # only an invitation opens the account
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            accounts.leave_former_address(person=obj)

    # --- Actions --------------------------------------------------------------------------------------------------
    def _touched(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        return rows.filter(pk__in=self.editable(request).order_by().values("pk"))

    @admin.action(description="Envoyer une invitation", permissions=["change"])
    def send_invitation(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        rows = self._touched(request, queryset).filter(is_active=True)
        if not said_yes(request):
            says = "Chaque personne reçoit par e-mail un lien personnel, valable sept jours, pour ouvrir son compte."
            return question(
                self,
                request,
                rows,
                action="send_invitation",
                title="Envoyer une invitation",
                says=says,
                button="Envoyer",
            )
        sent = sum(self._invite(request, person) for person in rows)
        if sent:
            messages.success(request, f"Invitations envoyées\u00a0: {sent}.")
        return None

    def _invite(self, request: HttpRequest, person: Person) -> bool:
        try:
            invitations.invite(person=person, by=request.user)
        except Refusal as refusal:
            messages.warning(request, f"{person}\u00a0: {refusal}")
            return False
        return True

    @admin.action(description="Fermer le compte", permissions=["change"])
    def close_account(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        rows = self._touched(request, queryset).filter(is_active=True)
        if not said_yes(request):
            says = (
                "Ces personnes ne pourront plus entrer, et leurs visites en cours s’arrêtent. Rien de ce qu’elles ont "
                "fait n’est effacé, et vous pourrez rouvrir leur compte."
            )
            return question(
                self, request, rows, action="close_account", title="Fermer le compte", says=says, button="Fermer"
            )
        closed = sum(accounts.close(person=person, by=request.user) for person in rows)
        undo = reverse("admin:circo_person_changelist", query={"account": "closed"})
        text = 'Comptes fermés\u00a0: {}. <a href="{}">Revoir les comptes fermés</a> pour en rouvrir un.'
        messages.success(request, format_html(text, closed, undo))
        return None

    @admin.action(description="Rouvrir le compte", permissions=["change"])
    def reopen_account(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        rows = self._touched(request, queryset).filter(is_active=False)
        if not said_yes(request):
            says = "Ces personnes pourront de nouveau entrer, avec l’adresse et le mot de passe qu’elles avaient."
            return question(
                self, request, rows, action="reopen_account", title="Rouvrir le compte", says=says, button="Rouvrir"
            )
        opened = sum(accounts.reopen(person=person, by=request.user) for person in rows)
        messages.success(request, f"Comptes rouverts\u00a0: {opened}.")
        return None

    def has_erase_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    @admin.action(description="Effacer la personne, pour toujours", permissions=["erase"])
    def erase(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        rows = self._touched(request, queryset).filter(is_active=False)
        if not said_yes(request):
            says = (
                "Le compte, les films, les commentaires et tout ce que ces personnes ont déposé disparaissent, avec "
                "les réponses reçues. Rien ne le ramène. Seuls les comptes déjà fermés peuvent être effacés\u00a0; une "
                "trace garde la date et les nombres, sans nom."
            )
            title = "Effacer pour toujours"
            return question(self, request, rows, action="erase", title=title, says=says, button="Effacer pour toujours")
        erased = [personal.erase(person=person, by=request.user) for person in rows]
        messages.success(request, f"Personnes effacées\u00a0: {len(erased)}.")
        return None


@admin.register(Posting)
class PostingAdmin(PostingShape, KeptAdmin):
    work = Work.PEOPLE
    rank = 2
    seen_with = Permission.VIEW_TEAM
    edited_with = Permission.MANAGE_PEOPLE
    list_display = ("person", "role", "place", "levels_text", "starts_on", "ends_on")
    list_select_related = ("person", *_PLACES)
    list_filter = ("role", NowFilter, YearFilter, "school")
    search_fields = ("person__last_name", "person__first_name", "school__name", "school__commune")
    search_help_text = "Un nom, une école ou une commune."
    autocomplete_fields = ("person", *_PLACES)

    def get_fields(self, request, obj=None):
        return ["person", *super().get_fields(request, obj)]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(["person"] if obj else [])]

    def choices_of(self, request: HttpRequest, field: ForeignKey) -> QuerySet:
        rows = super().choices_of(request, field)
        # Nobody gives a role to oneself.
        if field.name == "person" and not request.user.reach().everything:
            return rows.exclude(pk=request.user.pk)
        return rows

    @admin.display(description="lieu")
    def place(self, posting: Posting) -> str:
        return str(posting.school or posting.district or posting.departement or posting.institution)
