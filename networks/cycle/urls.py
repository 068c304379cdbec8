"""The addresses of the yearly cycle."""

from django.urls import path

from networks.cycle import views

urlpatterns = [
    path("participations/<int:pk>/voeu/", views.wish_answer, name="wish_answer"),
    path("participations/<int:pk>/engagement/", views.commitment_save, name="commitment_save"),
    path("voeux/", views.campaign_list, name="campaign_list"),
    path("voeux/ouvrir/", views.campaign_open, name="campaign_open"),
    path("voeux/<int:pk>/", views.campaign_page, name="campaign_page"),
    path("voeux/<int:pk>/dernier-jour/", views.campaign_update, name="campaign_update"),
    path("voeux/<int:pk>/rappeler/", views.campaign_remind, name="campaign_remind"),
    path("voeux/<int:pk>/decisions/", views.decision_list, name="decision_list"),
    path("voeux/<int:pk>/decider/", views.decision_save, name="decision_save"),
    path("voeux/<int:pk>/decisions/<int:membership_pk>/retirer/", views.decision_remove, name="decision_remove"),
    path("voeux/<int:pk>/nouvelle-annee/", views.year_preview, name="year_preview"),
    path("voeux/<int:pk>/nouvelle-annee/ouvrir/", views.year_open, name="year_open"),
    path("voeux/<int:pk>/nouvelle-annee/annuler/", views.year_take_back, name="year_take_back"),
]
