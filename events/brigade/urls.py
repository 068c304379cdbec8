from django.urls import path

from events.brigade import views

urlpatterns = [
    path("", views.brigade_list, name="brigade_list"),
    path("semaine/", views.brigade_week, name="brigade_week"),
    path("reglages/", views.brigade_settings, name="brigade_settings"),
    path("reglages/enregistrer/", views.brigade_settings_save, name="brigade_settings_save"),
    path("brigade.csv", views.brigade_export, name="brigade_export"),
    path("<int:pk>/", views.substitute_page, name="substitute_page"),
    path("<int:pk>/modifier/", views.substitute_edit, name="substitute_edit"),
    path("<int:pk>/enregistrer/", views.substitute_update, name="substitute_update"),
    path("<int:pk>/indisponible/", views.unavailability_add, name="unavailability_add"),
    path("indisponibilites/<int:pk>/retirer/", views.unavailability_remove, name="unavailability_remove"),
    path("indisponibilites/<int:pk>/remettre/", views.unavailability_restore, name="unavailability_restore"),
]
