"""The addresses of salons."""

from django.urls import path

from networks.salons.views import moderating, posts, quoting, salons

POST = "salons/<int:pk>/messages/<int:seq>/"

urlpatterns = [
    path("salons/", salons.salon_list, name="salon_list"),
    path("salons/nouveau/", salons.salon_new, name="salon_new"),
    path("salons/ouvrir/", salons.salon_create, name="salon_create"),
    path("salons/citer/", quoting.quote_new, name="quote_new"),
    path("salons/signalements/", moderating.report_list, name="report_list"),
    path("salons/signalements/<int:report_id>/", moderating.report_decide, name="report_decide"),
    path("salons/documents/<uuid:file_id>/", posts.post_file, name="post_file"),
    path("salons/<int:pk>/", salons.salon_page, name="salon_page"),
    path("salons/<int:pk>/changer/", salons.salon_edit, name="salon_edit"),
    path("salons/<int:pk>/enregistrer/", salons.salon_update, name="salon_update"),
    path("salons/<int:pk>/archiver/", salons.salon_archive, name="salon_archive"),
    path("salons/<int:pk>/reprendre/", salons.salon_reopen, name="salon_reopen"),
    path("salons/<int:pk>/depuis/", salons.salon_changes, name="salon_changes"),
    path("salons/<int:pk>/citations/", salons.quote_cards, name="quote_cards"),
    path("salons/<int:pk>/compte-rendu.md", salons.salon_export, name="salon_export"),
    path("salons/<int:pk>/lu/", salons.salon_read, name="salon_read"),
    path("salons/<int:pk>/messages/", posts.post_create, name="post_create"),
    path(POST, posts.post_page, name="post_page"),
    path(f"{POST}changer/", posts.post_update, name="post_update"),
    path(f"{POST}retirer/", posts.post_remove, name="post_remove"),
    path(f"{POST}remettre/", posts.post_restore, name="post_restore"),
    path(f"{POST}reagir/", posts.post_react, name="post_react"),
    path(f"{POST}epingler/", posts.post_pin, name="post_pin"),
    path(f"{POST}signaler/", moderating.post_report, name="post_report"),
    path(f"{POST}masquer/", moderating.post_hide, name="post_hide"),
    path(f"{POST}montrer/", moderating.post_show, name="post_show"),
]
