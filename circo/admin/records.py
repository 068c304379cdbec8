"""What the platform writes by itself, to be read only: imports, invitations, background work."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from circo.access import Permission
from circo.admin.scoped import ReadOnlyAdmin
from circo.admin.work import Work
from circo.documents import rules as document_rules
from circo.models import Erasure, ImportRun, Invitation, IssuedDocument, Job


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    work = Work.PEOPLE
    rank = 3
    seen_with = Permission.MANAGE_PEOPLE
    fields = ("person", "state", "invited_by", "created_at", "expires_at", "used_at")
    readonly_fields = ("state",)
    list_display = ("person", "state", "invited_by", "created_at", "expires_at")
    list_select_related = ("person", "invited_by")
    search_fields = ("person__last_name", "person__first_name", "person__email")

    @admin.display(description="état")
    def state(self, invitation: Invitation) -> str:
        if invitation.used_at:
            return "utilisée"
        return "périmée" if invitation.expires_at <= timezone.now() else "en attente"


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    work = Work.FILES
    rank = 1
    seen_with = Permission.IMPORT
    fields = (
        "kind",
        "district",
        "departement",
        "institution",
        "file_name",
        "state",
        "started_by",
        "started_at",
        "applied_at",
    )
    list_display = ("file_name", "kind", "district", "state", "started_by", "started_at", "report")
    list_select_related = ("district", "started_by")
    list_filter = ("kind", "state", "district")
    search_fields = ("file_name",)
    date_hierarchy = "started_at"

    @admin.display(description="compte rendu")
    def report(self, run: ImportRun) -> str:
        return format_html('<a href="{}">Ouvrir</a>', reverse("imports:run_detail", args=[run.pk]))


@admin.register(IssuedDocument)
class IssuedDocumentAdmin(ReadOnlyAdmin):
    work = Work.PEOPLE
    rank = 4
    seen_with = Permission.MANAGE_PEOPLE
    fields = ("kind", "recipient", "subject", "issued_on", "valid_until", "issued_by", "withdrawn_at", "page")
    readonly_fields = ("page",)
    list_display = ("kind", "recipient", "subject", "issued_on", "withdrawn_at", "page")
    list_filter = ("kind",)
    search_fields = ("recipient", "subject")
    date_hierarchy = "issued_on"

    @admin.display(description="vérifier ou retirer")
    def page(self, document: IssuedDocument) -> str:
        url = reverse("documents:verify_document", args=[document_rules.grouped(document.code)])
        return format_html('<a href="{}">Ouvrir</a>', url)


class TechnicalAdmin(ReadOnlyAdmin):
    """Facts for whoever keeps the platform running, and for nobody else."""

    work = Work.TECHNIQUE

    def may_see(self, request: HttpRequest) -> bool:
        return request.user.reach().everything

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = self.model._default_manager.order_by(*self.opts.ordering)
        return rows if self.may_see(request) else rows.none()


@admin.register(Job)
class JobAdmin(TechnicalAdmin):
    rank = 1
    list_display = ("kind", "subject_id", "state", "attempt", "created_at", "finished_at", "error")
    list_filter = ("state", "kind")
    search_fields = ("subject_id",)
    date_hierarchy = "created_at"


@admin.register(Erasure)
class ErasureAdmin(TechnicalAdmin):
    rank = 3
    fields = ("account_number", "erased_at", "erased_by", "what")
    readonly_fields = ("what",)
    list_display = ("account_number", "erased_at", "erased_by", "what")
    list_select_related = ("erased_by",)
    date_hierarchy = "erased_at"

    @admin.display(description="ce qui est parti")
    def what(self, erasure: Erasure) -> str:
        return ", ".join(f"{title}\u00a0: {count}" for title, count in erasure.counts.items())
