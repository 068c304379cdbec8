from django.urls import path

from events.plans.board import views
from events.plans.map.views import plan_map

urlpatterns = [
    path("plans/<int:pk>/classes/", views.plan_classes, name="plan_classes"),
    path("plans/<int:pk>/tableau/", views.plan_board, name="plan_board"),
    path("plans/<int:pk>/carte/", plan_map, name="plan_map"),
    path("plans/<int:pk>/annuler/", views.plan_undo, name="plan_undo"),
    path("plans/<int:pk>/classes/<int:need_pk>/", views.cover_choice, name="cover_choice"),
    path("plans/<int:pk>/classes/<int:need_pk>/donner/", views.cover_assign, name="cover_assign"),
    path("plans/<int:pk>/classes/<int:need_pk>/verrou/", views.cover_lock, name="cover_lock"),
    path("plans/<int:pk>/classes/<int:need_pk>/lien/", views.cover_link, name="cover_link"),
]
