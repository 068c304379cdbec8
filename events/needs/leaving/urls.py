from django.urls import path

from events.needs.leaving import views

urlpatterns = [
    path("besoins/<int:day_pk>/ecoles/<int:school_pk>/exception/", views.leaving_new, name="leaving_new"),
    path("besoins/<int:day_pk>/ecoles/<int:school_pk>/accorder/", views.leaving_grant, name="leaving_grant"),
    path("exceptions/<int:pk>/retirer/", views.leaving_take_back, name="leaving_take_back"),
    path("exceptions/<int:pk>/remettre/", views.leaving_put_back, name="leaving_put_back"),
]
