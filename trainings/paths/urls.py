from django.urls import path

from trainings.paths.views import paths

urlpatterns = [
    path("atelier/", paths.path_list, name="path_list"),
    path("atelier/nouveau/", paths.path_new, name="path_new"),
    path("atelier/creer/", paths.path_create, name="path_create"),
    path("atelier/<int:pk>/", paths.path_page, name="path_page"),
]
