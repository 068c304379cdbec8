from django.urls import path

from events.needs import views

urlpatterns = [
    path("besoins/", views.day_needs_list, name="need_days"),
    path("besoins/<int:day_pk>/", views.need_list, name="need_list"),
    path("besoins/<int:day_pk>/calculer/", views.need_compute, name="need_compute"),
    path("classes/<int:pk>/", views.need_page, name="need_page"),
    path("classes/<int:pk>/rang/", views.need_rank, name="need_rank"),
    path("classes/<int:pk>/mot/", views.need_note, name="need_note"),
]
