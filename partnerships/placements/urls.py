from django.urls import path

from partnerships.placements.views import days, lists, notes, one

urlpatterns = [
    path("placements/", lists.placement_list, name="placement_list"),
    path("placements/ensemble/<slug:verb>/", lists.placements_move, name="placements_move"),
    path("responsabilites/", lists.basis_list, name="basis_list"),
    path("responsabilites/<int:pk>/fondement/", lists.basis_seek, name="basis_seek"),
    path("accueil/", lists.hosting, name="hosting"),
    path("placements/<int:pk>/", one.placement_page, name="placement_page"),
    path("placements/<int:pk>/etape/<slug:verb>/", one.placement_move, name="placement_move"),
    path("placements/<int:pk>/adulte/", one.placement_adult, name="placement_adult"),
    path("placements/<int:pk>/tuteur/", one.placement_tutor, name="placement_tutor"),
    path("placements/<int:pk>/visite/", notes.visit_plan, name="visit_plan"),
    path("placements/visites/<int:pk>/annuler/", notes.visit_cancel, name="visit_cancel"),
    path("placements/<int:pk>/jour/<str:code>/liberer/", days.placement_free, name="placement_free"),
    path("placements/<int:pk>/jour/<str:code>/remettre/", days.placement_put_back, name="placement_put_back"),
    path("placements/<int:pk>/jour/<str:code>/absence/", days.placement_absence, name="placement_absence"),
    path("placements/<int:pk>/jour/<str:code>/absence/noter/", days.placement_miss, name="placement_miss"),
    path("placements/<int:pk>/jour/<str:code>/<slug:verb>/", days.placement_shift, name="placement_shift"),
    path("placements/<int:pk>/jour/<str:code>/<slug:verb>/faire/", days.placement_shifted, name="placement_shifted"),
    path("bilans/<int:pk>/", notes.review_edit, name="review_edit"),
    path("bilans/<int:pk>/ecrire/", notes.review_write, name="review_write"),
    path("carnet/<int:pk>/", notes.log_page, name="log_page"),
    path("carnet/<int:pk>/ecrire/", notes.log_write, name="log_write"),
    path("carnet/pages/<int:pk>/", notes.log_edit, name="log_edit"),
    path("carnet/pages/<int:pk>/enregistrer/", notes.log_update, name="log_update"),
    path("carnet/pages/<int:pk>/retirer/", notes.log_remove, name="log_remove"),
    path("carnet/pages/<int:pk>/remettre/", notes.log_restore, name="log_restore"),
]
