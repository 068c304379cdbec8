"""The addresses of third places and of their bookings."""

from django.urls import path

from networks.places import views

urlpatterns = [
    path("tiers-lieux/", views.place_list, name="place_list"),
    path("tiers-lieux/<int:pk>/", views.place_page, name="place_page"),
    path("tiers-lieux/<int:pk>/reservation/", views.booking_new, name="booking_new"),
    path("tiers-lieux/<int:pk>/reserver/", views.booking_create, name="booking_create"),
    path("reservations/<int:pk>/", views.booking_edit, name="booking_edit"),
    path("reservations/<int:pk>/changer/", views.booking_change, name="booking_change"),
    path("reservations/<int:pk>/annuler/", views.booking_cancel, name="booking_cancel"),
    path("reservations/<int:pk>/remettre/", views.booking_restore, name="booking_restore"),
]
