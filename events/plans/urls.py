from django.urls import path

from events.plans import views
from events.plans.board.urls import urlpatterns as of_the_board

urlpatterns = [
    path("plans/", views.plan_list, name="plan_list"),
    path("plans/nouveau/", views.plan_create, name="plan_create"),
    path("plans/<int:pk>/", views.plan_page, name="plan_page"),
    path("plans/<int:pk>/calculer/", views.plan_solve, name="plan_solve"),
    path("plans/<int:pk>/arreter/", views.plan_stop, name="plan_stop"),
    path("plans/<int:pk>/etape/", views.plan_move, name="plan_move"),
    path("plans/<int:pk>/plan.csv", views.plan_export, name="plan_export"),
    *of_the_board,
]
