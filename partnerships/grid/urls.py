from django.urls import path

from partnerships.grid import views

urlpatterns = [
    path("grille/", views.grid_page, name="grid_page"),
    path("grille/classe/<int:pk>/", views.grid_class, name="grid_class"),
    path("grille/jour/<slug:day>/", views.grid_day, name="grid_day"),
    path("grille/case/<int:pk>/<slug:code>/", views.grid_cell, name="grid_cell"),
    path("grille/reserver/<int:pk>/", views.grid_hold, name="grid_hold"),
    path("grille/liberer/<int:pk>/", views.grid_free, name="grid_free"),
    path("grille/reprendre/<int:pk>/", views.grid_put_back, name="grid_put_back"),
    path("grille/deplacer/<int:pk>/", views.grid_move, name="grid_move"),
    path("grille/remettre/<int:pk>/", views.grid_move_back, name="grid_move_back"),
    path("grille/confirmer/<int:pk>/", views.grid_confirm, name="grid_confirm"),
]
