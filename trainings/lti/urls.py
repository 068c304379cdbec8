from django.urls import path

from trainings.lti import views

urlpatterns = [
    path("connexion/", views.lti_login, name="lti_login"),
    path("lancement/", views.lti_launch, name="lti_launch"),
    path("cles.json", views.lti_keys, name="lti_keys"),
    path("arrivee/<slug:mark>/", views.lti_arrive, name="lti_arrive"),
    path("arrivee/<slug:mark>/relier/", views.lti_link, name="lti_link"),
    path("choisir/<slug:mark>/", views.lti_choose, name="lti_choose"),
    path("choisir/<slug:mark>/repondre/", views.lti_answer, name="lti_answer"),
    path("parcours/<int:pk>/", views.lti_path, name="lti_path"),
    path("parcours/<int:pk>/ouverture/", views.lti_opening, name="lti_opening"),
    path("parcours/<int:pk>/ouvrir/", views.lti_open, name="lti_open"),
    path("mes-comptes/", views.lti_links, name="lti_links"),
    path("mes-comptes/<int:pk>/defaire/", views.lti_unlink, name="lti_unlink"),
]
