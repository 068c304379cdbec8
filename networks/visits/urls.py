"""The addresses of observation sites and visits."""

from django.urls import path

from networks.visits.views import sites

urlpatterns = [
    path("visites/", sites.site_list, name="site_list"),
    path("visites/lieux/nouveau/", sites.site_new, name="site_new"),
    path("visites/lieux/ouvrir/", sites.site_create, name="site_create"),
    path("visites/lieux/<int:pk>/", sites.site_page, name="site_page"),
    path("visites/lieux/<int:pk>/modifier/", sites.site_edit, name="site_edit"),
    path("visites/lieux/<int:pk>/enregistrer/", sites.site_update, name="site_update"),
    path("visites/lieux/<int:pk>/etat/<slug:verb>/", sites.site_move, name="site_move"),
    path("visites/lieux/<int:pk>/cercle/<slug:circle>/", sites.site_widen, name="site_widen"),
    path("visites/lieux/<int:pk>/direction/<slug:answer>/", sites.site_answer, name="site_answer"),
]
