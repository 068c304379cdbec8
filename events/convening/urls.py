"""The addresses of convocations."""

from django.urls import path

from events.convening import views

urlpatterns = [
    path("<int:pk>/convocations/", views.convocation_list, name="convocation_list"),
    path("<int:pk>/convocations/completer/", views.convocation_refresh, name="convocation_refresh"),
    path("<int:pk>/convocations/inviter/", views.convocation_invite, name="convocation_invite"),
    path("<int:pk>/convocations/inviter-ailleurs/", views.convocation_invite_from, name="convocation_invite_from"),
    path("<int:pk>/convocations/envoyer/", views.convocation_send, name="convocation_send"),
    path("<int:pk>/convocations/relancer/", views.convocation_remind, name="convocation_remind"),
    path("<int:pk>/convocations/courriers/", views.convocation_letters, name="convocation_letters"),
    path(
        "<int:pk>/convocations/<int:convocation_pk>/retirer/", views.convocation_take_out, name="convocation_take_out"
    ),
    path(
        "<int:pk>/convocations/<int:convocation_pk>/remettre/", views.convocation_put_back, name="convocation_put_back"
    ),
    path(
        "<int:pk>/convocations/<int:convocation_pk>/convocation.pdf",
        views.convocation_preview,
        name="convocation_preview",
    ),
    path("<int:pk>/ma-convocation.pdf", views.convocation_pdf, name="convocation_pdf"),
    path("<int:pk>/repondre/", views.convocation_answer, name="convocation_answer"),
    path("<int:pk>/reponse/retirer/", views.convocation_take_back, name="convocation_take_back"),
]
