"""Every address of the app, one room a subject."""

from django.urls import URLPattern, URLResolver, include, path

from trainings.watching.urls import urlpatterns as of_watching

app_name = "trainings"
of_paths: list[URLPattern | URLResolver] = [*of_watching]
urlpatterns = [path("parcours/", include(of_paths))]
