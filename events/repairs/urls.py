from django.urls import path

from events.repairs import views

urlpatterns = [
    path("plans/<int:pk>/absences/", views.repair_new, name="repair_new"),
    path("plans/<int:pk>/absences/noter/", views.repair_report, name="repair_report"),
    path("reparations/<int:pk>/", views.repair_page, name="repair_page"),
    path("reparations/<int:pk>/accepter/", views.repair_accept, name="repair_accept"),
    path("reparations/<int:pk>/recalculer/", views.repair_again, name="repair_again"),
    path("reparations/<int:pk>/abandonner/", views.repair_drop, name="repair_drop"),
    path("reparations/<int:pk>/annuler/", views.repair_undo, name="repair_undo"),
]
