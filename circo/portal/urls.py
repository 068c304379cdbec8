from django.urls import include, path

from circo.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("mon-annee/", views.year, name="year"),
    path("profil/", views.profile, name="profile"),
    path("profil/modifier/", views.profile_edit, name="profile_edit"),
    path("profil/enregistrer/", views.profile_save, name="profile_save"),
    path("chercher/", views.search, name="search"),
    path("composants/", views.components, name="components"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("mentions-legales/", views.legal, name="legal"),
    path("donnees-personnelles/", views.privacy, name="privacy"),
    path("aide/", views.help_page, name="help"),
    path("avis/", include("circo.portal.notices.urls")),
    path("pilotage/", include("circo.portal.steering.urls")),
    path("", include("circo.portal.directory.urls")),
]
