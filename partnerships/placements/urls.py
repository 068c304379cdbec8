from django.urls import path

from partnerships.placements import views

urlpatterns = [
    path("placements/<int:pk>/", views.placement_page, name="placement_page"),
    path("placements/<int:pk>/etape/<slug:verb>/", views.placement_move, name="placement_move"),
]
