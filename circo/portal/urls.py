from django.urls import include, path

from circo.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("avis/", include("circo.portal.notices.urls")),
]
