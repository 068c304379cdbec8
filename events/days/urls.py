"""The addresses of sharing days."""

from django.urls import path

from events.days import views

urlpatterns = [
    path("", views.day_list, name="day_list"),
    path("circonscriptions/<int:district_pk>/dates/", views.day_dates, name="day_dates"),
    path("circonscriptions/<int:district_pk>/nouvelle/", views.day_new, name="day_new"),
    path("circonscriptions/<int:district_pk>/choisir/", views.day_create, name="day_create"),
    path("<int:pk>/", views.day_page, name="day_page"),
    path("<int:pk>/journee.ics", views.day_calendar, name="day_calendar"),
    path("<int:pk>/modifier/", views.day_edit, name="day_edit"),
    path("<int:pk>/changer/", views.day_change, name="day_change"),
    path("<int:pk>/annoncer/", views.day_publish, name="day_publish"),
    path("<int:pk>/reprendre/", views.day_unpublish, name="day_unpublish"),
    path("<int:pk>/annuler/", views.day_cancel, name="day_cancel"),
    path("<int:pk>/remettre/", views.day_restore, name="day_restore"),
]
