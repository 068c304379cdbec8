from django.urls import path

from trainings.learning.views import doing, paths

urlpatterns = [
    path("mes-parcours/", paths.mine, name="mine"),
    path("<int:pk>/", paths.path_show, name="path_show"),
    path("<int:pk>/suivre/", paths.enrol, name="enrol"),
    path("<int:pk>/quitter/", paths.leave, name="leave"),
    path("<int:pk>/reprendre/", paths.come_back, name="come_back"),
    path("<int:pk>/nouvelle-version/", paths.move_to_current, name="move_to_current"),
    path("<int:pk>/mon-rythme/", paths.wishes, name="wishes"),
    path("<int:pk>/mon-rythme/enregistrer/", paths.wishes_save, name="wishes_save"),
    path("<int:pk>/positionnement/", paths.assessment, name="assessment"),
    path("<int:pk>/positionnement/enregistrer/", paths.assess, name="assess"),
    path("<int:pk>/attestation.pdf", paths.certificate, name="certificate"),
    path("<int:pk>/modules/<int:module_id>/choisir/", paths.choose, name="choose"),
    path("<int:pk>/etapes/<int:step_id>/", doing.step_page, name="step_page"),
    path("<int:pk>/etapes/<int:step_id>/fait/", doing.step_done, name="step_done"),
    path("<int:pk>/etapes/<int:step_id>/repondre/", doing.answer, name="answer"),
    path("<int:pk>/etapes/<int:step_id>/journal/", doing.write, name="write"),
    path("<int:pk>/etapes/<int:step_id>/grille/", doing.observe, name="observe"),
    path("<int:pk>/etapes/<int:step_id>/activite/", doing.play, name="play"),
    path("<int:pk>/etapes/<int:step_id>/film/", doing.deposit, name="deposit"),
]
