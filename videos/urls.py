from django.urls import path

from videos import views

app_name = "videos"
urlpatterns = [
    path("", views.film_list, name="film_list"),
    path("deposer/", views.film_deposit, name="film_deposit"),
    path("deposer/envoyer/", views.film_create, name="film_create"),
    path("envois/", views.upload_create, name="upload_create"),
    path("envois/<uuid:upload_id>/", views.upload, name="upload"),
    path("<uuid:film_id>/", views.film_page, name="film_page"),
    path("<uuid:film_id>/etat/", views.film_state, name="film_state"),
    path("<uuid:film_id>/supprimer/", views.film_delete, name="film_delete"),
    path("<uuid:film_id>/commentaires/", views.moment_create, name="moment_create"),
    path("<uuid:film_id>/commentaires/<int:moment_id>/retirer/", views.moment_delete, name="moment_delete"),
    path("<uuid:film_id>/commentaires/<int:moment_id>/remettre/", views.moment_restore, name="moment_restore"),
    path("<uuid:film_id>/media/<path:name>", views.film_media, name="film_media"),
]
