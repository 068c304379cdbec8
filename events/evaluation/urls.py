"""The addresses of evaluations."""

from django.urls import path

from events.evaluation import views

urlpatterns = [
    path("<int:pk>/avis/", views.evaluation_edit, name="evaluation_edit"),
    path("<int:pk>/avis/donner/", views.evaluation_send, name="evaluation_send"),
    path("<int:pk>/avis/resultats/", views.evaluation_results, name="evaluation_results"),
]
