from django.urls import path

from trainings.showcase import views

urlpatterns = [
    path("vitrine/", views.showcases, name="showcases"),
    path("vitrine/proposer/", views.showcase_new, name="showcase_new"),
    path("vitrine/proposer/envoyer/", views.showcase_propose, name="showcase_propose"),
    path("vitrine/<int:pk>/", views.showcase_page, name="showcase_page"),
    path("vitrine/<int:pk>/changer/", views.showcase_edit, name="showcase_edit"),
    path("vitrine/<int:pk>/enregistrer/", views.showcase_save, name="showcase_save"),
    path("vitrine/<int:pk>/repondre/", views.showcase_answer, name="showcase_answer"),
    path("vitrine/<int:pk>/publier/", views.showcase_publish, name="showcase_publish"),
    path("vitrine/<int:pk>/retirer/", views.showcase_withdraw, name="showcase_withdraw"),
    path("vitrine/<int:pk>/mettre-de-cote/", views.showcase_set_aside, name="showcase_set_aside"),
    path("vitrine/<int:pk>/reprendre/", views.showcase_resume, name="showcase_resume"),
]
