"""The addresses of programmes."""

from django.urls import path

from events.programme.views import own, seats, sessions, slots, workshops, writing

urlpatterns = [
    path("<int:pk>/programme/", writing.programme_edit, name="programme_edit"),
    path("<int:pk>/programme/montrer/", seats.programme_show, name="programme_show"),
    path("<int:pk>/programme/cacher/", seats.programme_hide, name="programme_hide"),
    path("<int:pk>/programme.pdf", own.programme_pdf, name="programme_pdf"),
    path("<int:pk>/programme/places/", seats.seats_give, name="seats_give"),
    path("<int:pk>/programme/places/arreter/", seats.seats_stop, name="seats_stop"),
    path("<int:pk>/programme/places/reprendre/", seats.seats_ungive, name="seats_ungive"),
    path("<int:pk>/moments/nouveau/", slots.slot_new, name="slot_new"),
    path("<int:pk>/moments/ajouter/", slots.slot_create, name="slot_create"),
    path("<int:pk>/moments/<int:slot_pk>/", slots.slot_edit, name="slot_edit"),
    path("<int:pk>/moments/<int:slot_pk>/changer/", slots.slot_change, name="slot_change"),
    path("<int:pk>/moments/<int:slot_pk>/retirer/", slots.slot_remove, name="slot_remove"),
    path("<int:pk>/moments/<int:slot_pk>/atelier/", sessions.session_new, name="session_new"),
    path("<int:pk>/moments/<int:slot_pk>/atelier/ajouter/", sessions.session_create, name="session_create"),
    path("<int:pk>/ateliers/nouveau/", workshops.workshop_new, name="workshop_new"),
    path("<int:pk>/ateliers/ajouter/", workshops.workshop_create, name="workshop_create"),
    path("<int:pk>/ateliers/<int:workshop_pk>/", workshops.workshop_edit, name="workshop_edit"),
    path("<int:pk>/ateliers/<int:workshop_pk>/changer/", workshops.workshop_change, name="workshop_change"),
    path("<int:pk>/ateliers/<int:workshop_pk>/retirer/", workshops.workshop_remove, name="workshop_remove"),
    path("<int:pk>/ateliers/<int:workshop_pk>/remettre/", workshops.workshop_restore, name="workshop_restore"),
    path("<int:pk>/seances/<int:session_pk>/", sessions.session_edit, name="session_edit"),
    path("<int:pk>/seances/<int:session_pk>/changer/", sessions.session_change, name="session_change"),
    path("<int:pk>/seances/<int:session_pk>/retirer/", sessions.session_remove, name="session_remove"),
    path("<int:pk>/seances/<int:session_pk>/annuler/", sessions.session_cancel, name="session_cancel"),
    path("<int:pk>/seances/<int:session_pk>/rouvrir/", sessions.session_restore, name="session_restore"),
    path("<int:pk>/mes-ateliers/", own.wishes_edit, name="wishes_edit"),
    path("<int:pk>/mes-ateliers/dire/", own.wishes_save, name="wishes_save"),
    path("<int:pk>/mes-ateliers/place/", own.seat_ask, name="seat_ask"),
]
