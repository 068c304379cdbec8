"""Training paths for the team: what is written, published, archived, and when people meet. Read only: the workshop of
paths decides. Neither who takes what, nor a word of what people say of it, nor the link that leads into a room.

And the other platforms that may launch them: who has an account there is nobody's business.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

from circo.access import Permission
from circo.admin.filters import ChoiceFilter
from circo.admin.history import KeptAdmin
from circo.admin.scoped import ReadOnlyAdmin
from circo.admin.work import Work
from circo.queries import counted
from trainings.models import Enrolment, LtiPlatform, PathReview, PathSession, PathVersion, SessionDate, Showcase
from trainings.showcase.rules import State


@admin.register(PathVersion)
class PathVersionAdmin(ReadOnlyAdmin):
    work = Work.GROUPS
    rank = 11
    seen_with = Permission.VIEW_TEAM
    scope = "overseen_by"
    fields = ("title", "district", "number", "state", "opening", "minutes", "published_at", "published_by", "learners")
    readonly_fields = ("district", "opening", "learners")
    list_display = ("title", "number", "district", "state", "opening", "minutes", "published_at", "learners")
    list_select_related = ("path__district",)
    list_filter = ("state", "path__opening", "path__district")
    search_fields = ("title",)
    search_help_text = "Un titre."

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        learners = counted(Enrolment.objects.all(), "version")
        return super().get_queryset(request).select_related("path__district").annotate(learners_count=learners)

    @admin.display(description="circonscription", ordering="path__district__name")
    def district(self, version: PathVersion) -> str:
        return str(version.path.district)

    @admin.display(description="ouvert à")
    def opening(self, version: PathVersion) -> str:
        return version.path.get_opening_display()

    @admin.display(description="apprenants", ordering="learners_count")
    def learners(self, version: PathVersion) -> int:
        return version.learners_count


@admin.register(PathSession)
class PathSessionAdmin(ReadOnlyAdmin):
    work = Work.GROUPS
    rank = 12
    seen_with = Permission.VIEW_TEAM
    scope = "overseen_by"
    fields = ("title", "version", "district", "first_day", "last_day", "tutor", "group", "ended_at")
    list_display = ("title", "version", "district", "first_day", "last_day", "tutor", "group", "ended_at")
    list_select_related = ("version", "district", "tutor", "group")
    list_filter = ("district",)
    date_hierarchy = "first_day"
    search_fields = ("title", "version__title")
    search_help_text = "Un titre de session ou de parcours."


@admin.register(SessionDate)
class SessionDateAdmin(ReadOnlyAdmin):
    work = Work.GROUPS
    rank = 13
    seen_with = Permission.VIEW_TEAM
    scope = "overseen_by"
    fields = ("session", "starts_at", "ends_at", "where", "removed_at")
    list_display = ("starts_at", "ends_at", "session", "where", "removed_at")
    list_select_related = ("session",)
    list_filter = ("session__district",)
    date_hierarchy = "starts_at"
    search_fields = ("session__title", "where")
    search_help_text = "Une session ou un lieu."

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("link")


class HiddenFilter(ChoiceFilter):
    title = "masqué"
    parameter_name = "hidden"

    def lookups(self, request: HttpRequest, model_admin: ReadOnlyAdmin) -> list[tuple[str, str]]:
        return [("yes", "oui"), ("no", "non")]

    def narrow(self, request: HttpRequest, rows: QuerySet, value: str) -> QuerySet:
        return rows.filter(hidden_at__isnull=value == "no")


@admin.register(PathReview)
class PathReviewAdmin(ReadOnlyAdmin):
    """Of which path, since when, and who hid it: the words are read on the page of the path, with its own rights."""

    work = Work.GROUPS
    rank = 14
    seen_with = Permission.VIEW_TEAM
    scope = "overseen_by"
    names_shown = False
    fields = ("path", "created_at", "hidden_at", "hidden_by")
    readonly_fields = ("path",)
    list_display = ("created_at", "path", "hidden_at", "hidden_by")
    list_select_related = ("enrolment__version", "hidden_by")
    list_filter = (HiddenFilter, "enrolment__path__district")
    date_hierarchy = "created_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("enrolment__version").defer("keeps", "advice")

    @admin.display(description="parcours", ordering="enrolment__version__title")
    def path(self, review: PathReview) -> str:
        return review.enrolment.version.title


@admin.register(Showcase)
class ShowcaseAdmin(ReadOnlyAdmin):
    """What is proposed and shown. Who agreed, and what each answered, is on its page, for those whom it concerns."""

    work = Work.GROUPS
    rank = 15
    seen_with = Permission.VIEW_TEAM
    scope = "overseen_by"
    fields = ("title", "district", "state", "reach", "sheet_title", "proposed_at", "published_at")
    readonly_fields = ("sheet_title",)
    list_display = ("title", "district", "state", "reach", "proposed_at", "published_at")
    list_select_related = ("district",)
    list_filter = ("state", "reach", "district")
    search_fields = ("title",)
    search_help_text = "Un titre."

    @admin.display(description="fiche de pratique")
    def sheet_title(self, row: Showcase) -> str:
        return row.sheet.title if row.state == State.PUBLISHED else "—"


@admin.register(LtiPlatform)
class LtiPlatformAdmin(KeptAdmin):
    """Declared by whoever oversees the département: our server calls its addresses."""

    work = Work.TECHNIQUE
    rank = 7
    seen_with = edited_with = Permission.OVERSEE_DEPARTEMENT
    readonly_fields = ("addresses",)
    list_display = ("name", "departement", "issuer", "client_id", "is_active")
    list_select_related = ("departement",)
    list_filter = ("is_active", "departement")
    search_fields = ("name", "issuer")

    @admin.display(description="adresses à donner là-bas")
    def addresses(self, platform: LtiPlatform) -> str:
        rows = [
            (title, f"{settings.SITE_URL}{reverse(name)}")
            for title, name in (
                ("Tool URL, Redirection URI", "trainings:lti_launch"),
                ("Initiate login URL", "trainings:lti_login"),
                ("Public keyset", "trainings:lti_keys"),
            )
        ]
        return format_html_join(mark_safe("<br>"), "{}\u00a0: {}", rows)
