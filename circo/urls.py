from django.urls import include, path

urlpatterns = [
    path("", include("circo.portal.urls")),
    path("compte/", include("allauth.urls")),
]
