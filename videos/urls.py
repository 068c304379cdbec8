from django.urls import path

from videos.views import deposits, films, media, moments, uploads

app_name = "videos"
urlpatterns = [
    path("", films.film_list, name="film_list"),
    path("deposer/", deposits.film_deposit, name="film_deposit"),
    path("deposer/envoyer/", deposits.film_create, name="film_create"),
    path("envois/", uploads.upload_create, name="upload_create"),
    path("envois/<uuid:upload_id>/", uploads.upload, name="upload"),
    path("envois/<uuid:upload_id>/index/", uploads.upload_index, name="upload_index"),
    path("<uuid:film_id>/", films.film_page, name="film_page"),
    path("<uuid:film_id>/etat/", films.film_state, name="film_state"),
    path("<uuid:film_id>/reessayer/", films.film_retry, name="film_retry"),
    path("<uuid:film_id>/supprimer/", films.film_delete, name="film_delete"),
    path("<uuid:film_id>/telecharger/", media.film_download, name="film_download"),
    path("<uuid:film_id>/telecharger/original/", media.film_original, name="film_original"),
    path("<uuid:film_id>/telecharger/permettre/", media.film_allow_download, name="film_allow_download"),
    path("<uuid:film_id>/commentaires/", moments.moment_create, name="moment_create"),
    path("<uuid:film_id>/commentaires/<int:moment_id>/retirer/", moments.moment_delete, name="moment_delete"),
    path("<uuid:film_id>/commentaires/<int:moment_id>/remettre/", moments.moment_restore, name="moment_restore"),
    path("<uuid:film_id>/media/<path:name>", media.film_media, name="film_media"),
]
