"""Training paths for the team: what is written, published, archived. Read only: the workshop of paths decides.

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
from circo.admin.history import KeptAdmin
from circo.admin.scoped import ReadOnlyAdmin
from circo.admin.work import Work
from circo.queries import counted
from trainings.models import Enrolment, LtiPlatform, PathVersion


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
