"""Mounted only in a demonstration: it shows how to sign in as anybody."""

from django.urls import path

from circo.portal.demo import views

app_name = "demo_accounts"
urlpatterns = [
    path("comptes/", views.accounts, name="list"),
    path("comptes/entrer/", views.enter, name="enter"),
]
