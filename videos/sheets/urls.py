from django.urls import path

from videos.views import sheets

urlpatterns = [
    path("fiches/", sheets.sheet_list, name="sheet_list"),
    path("fiches/nouvelle/", sheets.sheet_new, name="sheet_new"),
    path("fiches/creer/", sheets.sheet_create, name="sheet_create"),
    path("fiches/<int:sheet_id>/", sheets.sheet_page, name="sheet_page"),
    path("fiches/<int:sheet_id>/fiche.pdf", sheets.sheet_pdf, name="sheet_pdf"),
    path("fiches/<int:sheet_id>/changer/", sheets.sheet_edit, name="sheet_edit"),
    path("fiches/<int:sheet_id>/enregistrer/", sheets.sheet_update, name="sheet_update"),
    path("fiches/<int:sheet_id>/supprimer/", sheets.sheet_remove, name="sheet_remove"),
    path("fiches/<int:sheet_id>/remettre/", sheets.sheet_restore, name="sheet_restore"),
    path("fiches/<int:sheet_id>/documents/", sheets.sheet_attach, name="sheet_attach"),
    path("fiches/<int:sheet_id>/documents/<uuid:document_id>/", sheets.sheet_document, name="sheet_document"),
    path("fiches/<int:sheet_id>/documents/<uuid:document_id>/retirer/", sheets.document_remove, name="document_remove"),
    path(
        "fiches/<int:sheet_id>/documents/<uuid:document_id>/remettre/", sheets.document_restore, name="document_restore"
    ),
]
