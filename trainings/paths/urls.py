from django.urls import path

from trainings.paths.views import modules, parts, paths, steps

urlpatterns = [
    path("atelier/", paths.path_list, name="path_list"),
    path("atelier/nouveau/", paths.path_new, name="path_new"),
    path("atelier/creer/", paths.path_create, name="path_create"),
    path("atelier/<int:pk>/", paths.path_page, name="path_page"),
    path("atelier/<int:pk>/ouvrir/", paths.path_open, name="path_open"),
    path("atelier/versions/<int:pk>/decrire/", paths.version_describe, name="version_describe"),
    path("atelier/versions/<int:pk>/enregistrer/", paths.version_update, name="version_update"),
    path("atelier/versions/<int:pk>/modules/nouveau/", modules.module_new, name="module_new"),
    path("atelier/versions/<int:pk>/modules/creer/", modules.module_create, name="module_create"),
    path("atelier/modules/<int:pk>/", modules.module_edit, name="module_edit"),
    path("atelier/modules/<int:pk>/enregistrer/", modules.module_update, name="module_update"),
    path("atelier/modules/<int:pk>/deplacer/", modules.module_move, name="module_move"),
    path("atelier/modules/<int:pk>/retirer/", modules.module_remove, name="module_remove"),
    path("atelier/modules/<int:pk>/etapes/nouvelle/", steps.step_new, name="step_new"),
    path("atelier/modules/<int:pk>/etapes/creer/", steps.step_create, name="step_create"),
    path("atelier/etapes/<int:pk>/", steps.step_edit, name="step_edit"),
    path("atelier/etapes/<int:pk>/enregistrer/", steps.step_update, name="step_update"),
    path("atelier/etapes/<int:pk>/deplacer/", steps.step_move, name="step_move"),
    path("atelier/etapes/<int:pk>/retirer/", steps.step_remove, name="step_remove"),
    path("atelier/remettre/<int:pk>/", parts.part_restore, name="part_restore"),
]
