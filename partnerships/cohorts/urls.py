from django.urls import path

from partnerships.cohorts import views

urlpatterns = [
    path("", views.home, name="home"),
    path("formations/nouvelle/", views.programme_new, name="programme_new"),
    path("formations/creer/", views.programme_create, name="programme_create"),
    path("formations/<int:pk>/modifier/", views.programme_edit, name="programme_edit"),
    path("formations/<int:pk>/enregistrer/", views.programme_update, name="programme_update"),
    path("statuts/nouveau/", views.status_new, name="status_new"),
    path("statuts/creer/", views.status_create, name="status_create"),
    path("statuts/<int:pk>/modifier/", views.status_edit, name="status_edit"),
    path("statuts/<int:pk>/enregistrer/", views.status_update, name="status_update"),
    path("promotions/nouvelle/", views.cohort_new, name="cohort_new"),
    path("promotions/creer/", views.cohort_create, name="cohort_create"),
    path("promotions/<int:pk>/", views.cohort_page, name="cohort_page"),
    path("promotions/<int:pk>/modifier/", views.cohort_edit, name="cohort_edit"),
    path("promotions/<int:pk>/enregistrer/", views.cohort_update, name="cohort_update"),
    path("promotions/<int:pk>/periode/", views.period_add, name="period_add"),
    path("periodes/<int:pk>/retirer/", views.period_remove, name="period_remove"),
    path("periodes/<int:pk>/remettre/", views.period_restore, name="period_restore"),
]
