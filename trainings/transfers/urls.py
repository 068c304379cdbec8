from django.urls import path

from trainings.transfers import views

urlpatterns = [
    path("atelier/<int:pk>/emporter/", views.export_new, name="export_new"),
    path("atelier/<int:pk>/emporter/preparer/", views.export_ask, name="export_ask"),
    path("atelier/reprendre/", views.course_new, name="course_new"),
    path("atelier/reprendre/envoyer/", views.course_send, name="course_send"),
    path("atelier/transferts/<uuid:pk>/", views.transfer_page, name="transfer_page"),
    path("atelier/transferts/<uuid:pk>/telecharger/", views.transfer_download, name="transfer_download"),
    path("atelier/transferts/<uuid:pk>/effacer/", views.transfer_forget, name="transfer_forget"),
    path("atelier/etapes/<int:pk>/questions/importer/", views.questions_bring, name="questions_bring"),
    path("atelier/etapes/<int:pk>/questions/essayer/", views.questions_try, name="questions_try"),
    path("atelier/etapes/<int:pk>/questions/ajouter/", views.questions_add, name="questions_add"),
    path("atelier/etapes/<int:pk>/questions/defaire/", views.questions_undo, name="questions_undo"),
]
