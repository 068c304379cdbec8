from django.urls import path

from circo.portal.mailbox import views

app_name = "demo"
urlpatterns = [
    path("mails/", views.mails, name="mails"),
]
