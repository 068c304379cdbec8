"""Every address of the app, one room a subject."""

from networks.groups.urls import urlpatterns as of_groups

app_name = "networks"
urlpatterns = [*of_groups]
