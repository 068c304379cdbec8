from django.urls import path

from videos.views import excerpts

urlpatterns = [
    path("cote-a-cote/", excerpts.side_by_side, name="side_by_side"),
    path("<uuid:film_id>/extraits/", excerpts.excerpt_list, name="excerpt_list"),
    path("<uuid:film_id>/extraits/creer/", excerpts.excerpt_create, name="excerpt_create"),
    path("<uuid:film_id>/extraits/<int:excerpt_id>/", excerpts.excerpt_page, name="excerpt_page"),
    path("<uuid:film_id>/extraits/<int:excerpt_id>/changer/", excerpts.excerpt_update, name="excerpt_update"),
    path("<uuid:film_id>/extraits/<int:excerpt_id>/supprimer/", excerpts.excerpt_remove, name="excerpt_remove"),
    path("<uuid:film_id>/extraits/<int:excerpt_id>/remettre/", excerpts.excerpt_restore, name="excerpt_restore"),
]
