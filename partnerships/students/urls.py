from django.urls import path

from partnerships.students import views

urlpatterns = [
    path("promotions/<int:pk>/etudiants/", views.student_add, name="student_add"),
    path("promotions/<int:pk>/inviter/", views.students_invite, name="students_invite"),
    path("etudiants/<int:pk>/", views.student_page, name="student_page"),
    path("etudiants/<int:pk>/modifier/", views.student_edit, name="student_edit"),
    path("etudiants/<int:pk>/enregistrer/", views.student_update, name="student_update"),
    path("etudiants/<int:pk>/binome/", views.student_pair, name="student_pair"),
    path("etudiants/<int:pk>/defaire/", views.student_unpair, name="student_unpair"),
    path("etudiants/<int:pk>/inviter/", views.student_invite, name="student_invite"),
    path("etudiants/<int:pk>/parti/", views.student_leave, name="student_leave"),
    path("etudiants/<int:pk>/remettre/", views.student_restore, name="student_restore"),
    path("mes-stages/", views.mine, name="mine"),
    path("mes-stages/<int:pk>/voeux/", views.wishes_edit, name="wishes_edit"),
    path("mes-stages/<int:pk>/enregistrer/", views.wishes_update, name="wishes_update"),
]
