from django.urls import include, path

from circo.portal import public, views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("accessibilite/", public.accessibility, name="accessibility"),
    path("mentions-legales/", public.legal, name="legal"),
    path("donnees-personnelles/", public.privacy, name="privacy"),
    path("aide/", public.help_page, name="help"),
    path("avis/", include("circo.portal.notices.urls")),
]
