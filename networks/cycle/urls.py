"""The addresses of the yearly cycle."""

from django.urls import path

from networks.cycle.views import relays, years

urlpatterns = [
    path("relais/", relays.relay_list, name="relay_list"),
    path("participations/<int:pk>/voeu/", years.wish_answer, name="wish_answer"),
    path("participations/<int:pk>/engagement/", years.commitment_save, name="commitment_save"),
    path("voeux/", years.campaign_list, name="campaign_list"),
    path("voeux/ouvrir/", years.campaign_open, name="campaign_open"),
    path("voeux/<int:pk>/", years.campaign_page, name="campaign_page"),
    path("voeux/<int:pk>/dernier-jour/", years.campaign_update, name="campaign_update"),
    path("voeux/<int:pk>/rappeler/", years.campaign_remind, name="campaign_remind"),
    path("voeux/<int:pk>/decisions/", years.decision_list, name="decision_list"),
    path("voeux/<int:pk>/decider/", years.decision_save, name="decision_save"),
    path("voeux/<int:pk>/decisions/<int:membership_pk>/retirer/", years.decision_remove, name="decision_remove"),
    path("voeux/<int:pk>/nouvelle-annee/", years.year_preview, name="year_preview"),
    path("voeux/<int:pk>/nouvelle-annee/ouvrir/", years.year_open, name="year_open"),
    path("voeux/<int:pk>/nouvelle-annee/annuler/", years.year_take_back, name="year_take_back"),
]
