from django.urls import path

from partnerships.offers import views

urlpatterns = [
    path("classes/", views.offer_list, name="offer_list"),
    path("classes/miennes/", views.offer_mine, name="offer_mine"),
    path("classes/equipe/", views.offer_team, name="offer_team"),
    path("classes/ouvrir/", views.offers_open, name="offers_open"),
    path("classes/annuler/", views.offers_undo, name="offers_undo"),
    path("classes/proposer/", views.offer_new, name="offer_new"),
    path("classes/creer/", views.offer_create, name="offer_create"),
    path("classes/<int:pk>/", views.offer_page, name="offer_page"),
    path("classes/<int:pk>/modifier/", views.offer_edit, name="offer_edit"),
    path("classes/<int:pk>/enregistrer/", views.offer_update, name="offer_update"),
    path("classes/<int:pk>/faire/", views.offer_move, name="offer_move"),
]
