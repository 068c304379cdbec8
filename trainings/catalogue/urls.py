from django.urls import path

from trainings.catalogue import views

urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    path("<int:pk>/mon-mot/", views.review_edit, name="review_edit"),
    path("<int:pk>/mon-mot/enregistrer/", views.review_save, name="review_save"),
    path("<int:pk>/mon-mot/retirer/", views.review_remove, name="review_remove"),
    path("<int:pk>/mon-mot/remettre/", views.review_restore, name="review_restore"),
    path("mots/<int:pk>/", views.review_page, name="review_page"),
    path("mots/<int:pk>/masquer/", views.review_hide, name="review_hide"),
    path("mots/<int:pk>/montrer/", views.review_show, name="review_show"),
]
