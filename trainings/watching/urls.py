from django.urls import path

from trainings.watching import views

urlpatterns = [path("battement/", views.beat, name="beat")]
