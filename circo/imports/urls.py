from django.urls import path

from circo.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.list_, name="list"),
    path("<slug:slug>/nouveau/", views.new, name="new"),
    path("<slug:slug>/envoyer/", views.upload, name="upload"),
    path("<slug:slug>/modele.<slug:form>", views.template, name="template"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/compte-rendu.csv", views.report, name="report"),
    path("<int:pk>/appliquer/", views.apply, name="apply"),
    path("<int:pk>/abandonner/", views.drop, name="drop"),
]
