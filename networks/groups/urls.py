"""The addresses of groups."""

from django.urls import path

from networks.groups import views

urlpatterns = [
    path("", views.group_list, name="group_list"),
    path("<int:pk>/", views.group_page, name="group_page"),
]
