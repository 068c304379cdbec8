from django.urls import path

from circo.calendar import views

app_name = "calendar"
urlpatterns = [
    path("", views.agenda, name="agenda"),
    path("recevoir/", views.feed_page, name="feed_page"),
    path("recevoir/adresse/", views.feed_open, name="feed_open"),
    path("recevoir/retirer/", views.feed_close, name="feed_close"),
    path("recevoir/retablir/", views.feed_reopen, name="feed_reopen"),
    path("abonnement/<str:secret>.ics", views.feed, name="feed"),
]
