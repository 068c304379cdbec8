from django.urls import path

from trainings.activities import views

urlpatterns = [
    path("atelier/etapes/<int:pk>/activite/", views.package_bring, name="package_bring"),
    path("activites/<uuid:pk>/", views.activity_player, name="activity_player"),
    path("activites/fichiers/<str:token>/<path:name>", views.activity_file, name="activity_file"),
]
