from django.urls import path

from videos.views import grids, observations

urlpatterns = [
    path("grilles/", grids.grid_list, name="grid_list"),
    path("grilles/nouvelle/", grids.grid_new, name="grid_new"),
    path("grilles/creer/", grids.grid_create, name="grid_create"),
    path("grilles/<int:grid_id>/", grids.grid_page, name="grid_page"),
    path("grilles/<int:grid_id>/decrire/", grids.grid_update, name="grid_update"),
    path("grilles/<int:grid_id>/version/", grids.grid_version, name="grid_version"),
    path("grilles/<int:grid_id>/copier/", grids.grid_copy, name="grid_copy"),
    path("grilles/<int:grid_id>/supprimer/", grids.grid_remove, name="grid_remove"),
    path("grilles/<int:grid_id>/remettre/", grids.grid_restore, name="grid_restore"),
    path("grilles/<int:grid_id>/reperes/", grids.criterion_create, name="criterion_create"),
    path("grilles/<int:grid_id>/reperes/<int:criterion_id>/", grids.criterion_update, name="criterion_update"),
    path("grilles/<int:grid_id>/reperes/<int:criterion_id>/deplacer/", grids.criterion_move, name="criterion_move"),
    path("grilles/<int:grid_id>/reperes/<int:criterion_id>/retirer/", grids.criterion_remove, name="criterion_remove"),
    path(
        "grilles/<int:grid_id>/reperes/<int:criterion_id>/remettre/", grids.criterion_restore, name="criterion_restore"
    ),
    path("observations/", observations.round_list, name="round_list"),
    path("<uuid:film_id>/observations/", observations.film_rounds, name="film_rounds"),
    path("<uuid:film_id>/observations/ouvrir/", observations.round_open, name="round_open"),
    path("<uuid:film_id>/observations/<int:round_id>/", observations.round_page, name="round_page"),
    path("<uuid:film_id>/observations/<int:round_id>/noter/", observations.entry_create, name="entry_create"),
    path(
        "<uuid:film_id>/observations/<int:round_id>/notes/<int:entry_id>/retirer/",
        observations.entry_remove,
        name="entry_remove",
    ),
    path(
        "<uuid:film_id>/observations/<int:round_id>/notes/<int:entry_id>/remettre/",
        observations.entry_restore,
        name="entry_restore",
    ),
    path(
        "<uuid:film_id>/observations/<int:round_id>/terminer/",
        observations.observation_finish,
        name="observation_finish",
    ),
    path(
        "<uuid:film_id>/observations/<int:round_id>/reprendre/",
        observations.observation_reopen,
        name="observation_reopen",
    ),
    path("<uuid:film_id>/observations/<int:round_id>/inviter/", observations.round_invite, name="round_invite"),
    path("<uuid:film_id>/observations/<int:round_id>/reunir/", observations.round_close, name="round_close"),
    path("<uuid:film_id>/observations/<int:round_id>/retirer/", observations.round_remove, name="round_remove"),
    path("<uuid:film_id>/observations/<int:round_id>/remettre/", observations.round_restore, name="round_restore"),
    path("<uuid:film_id>/observations/<int:round_id>/notes.csv", observations.round_csv, name="round_csv"),
    path("<uuid:film_id>/observations/<int:round_id>/compte-rendu.pdf", observations.round_pdf, name="round_pdf"),
]
