"""The addresses of presences, and of the end of a day."""

from django.urls import path

from events.signing.views import closing, codes, lists

urlpatterns = [
    path("<int:pk>/presences/", lists.presence_lists, name="presence_lists"),
    path("<int:pk>/presences/<str:half>/", lists.presence_list, name="presence_list"),
    path("<int:pk>/presences/<str:half>/noter/", lists.presence_record, name="presence_record"),
    path("<int:pk>/presences/<str:half>/ajouter/", lists.presence_add, name="presence_add"),
    path("<int:pk>/presences/<str:half>/<int:convocation_pk>/", lists.presence_edit, name="presence_edit"),
    path("<int:pk>/presences/<str:half>/<int:convocation_pk>/noter/", lists.presence_note, name="presence_note"),
    path("<int:pk>/emargement.pdf", lists.presence_sheet, name="presence_sheet"),
    path("<int:pk>/presences.csv", lists.presence_export, name="presence_export"),
    path("<int:pk>/attestations/", closing.certificate_letters, name="certificate_letters"),
    path("<int:pk>/mon-attestation.pdf", closing.certificate_pdf, name="certificate_pdf"),
    path("<int:pk>/ecran/<str:half>/", codes.presence_screen, name="presence_screen"),
    path("<int:pk>/code/<str:half>/<str:code>/", codes.presence_scan, name="presence_scan"),
    path("<int:pk>/signer/<str:half>/", codes.presence_sign, name="presence_sign"),
    path("<int:pk>/tenue/", closing.day_hold, name="day_hold"),
    path("<int:pk>/pas-tenue/", closing.day_unhold, name="day_unhold"),
    path("<int:pk>/clore/", closing.day_close, name="day_close"),
    path("<int:pk>/rouvrir/", closing.day_reopen, name="day_reopen"),
]
