from django.urls import path

from events.missions import views

urlpatterns = [
    path("missions/", views.mission_list, name="mission_list"),
    path("missions/<int:pk>/", views.mission_page, name="mission_page"),
    path("missions/<int:pk>/confirmer/", views.mission_confirm, name="mission_confirm"),
]
