"""The addresses of experiments."""

from django.urls import URLPattern, URLResolver, include, path

from networks.experiments.views import pages, parts

of_part: list[URLPattern | URLResolver] = [
    path("ajouter/", parts.part_new, name="experiment_part_new"),
    path("creer/", parts.part_add, name="experiment_part_add"),
    path("<int:part_id>/changer/", parts.part_edit, name="experiment_part_edit"),
    path("<int:part_id>/enregistrer/", parts.part_update, name="experiment_part_update"),
    path("<int:part_id>/retirer/", parts.part_remove, name="experiment_part_remove"),
    path("<int:part_id>/remettre/", parts.part_restore, name="experiment_part_restore"),
]
of_experiment: list[URLPattern | URLResolver] = [
    path("", pages.experiment_page, name="experiment_page"),
    path("changer/", pages.experiment_edit, name="experiment_edit"),
    path("enregistrer/", pages.experiment_update, name="experiment_update"),
    path("avancer/<slug:name>/", pages.experiment_move, name="experiment_move"),
    path("fiche.pdf", pages.experiment_sheet, name="experiment_sheet"),
    path("bilan.pdf", pages.experiment_review, name="experiment_review"),
    path("<slug:kind>/", include(of_part)),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("experimentations/", pages.experiment_list, name="experiment_list"),
    path("<int:group_id>/experimentations/nouvelle/", pages.experiment_new, name="experiment_new"),
    path("<int:group_id>/experimentations/creer/", pages.experiment_create, name="experiment_create"),
    path("experimentations/<int:pk>/", include(of_experiment)),
]
