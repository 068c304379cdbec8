from django.urls import path

from circo.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.run_list, name="run_list"),
    path("<slug:slug>/nouveau/", views.run_new, name="run_new"),
    path("<slug:slug>/envoyer/", views.run_upload, name="run_upload"),
    path("<slug:slug>/modele.<slug:form>", views.template, name="template"),
    path("<int:pk>/", views.run_detail, name="run_detail"),
    path("<int:pk>/compte-rendu.csv", views.run_report, name="run_report"),
    path("<int:pk>/appliquer/", views.run_apply, name="run_apply"),
    path("<int:pk>/abandonner/", views.run_drop, name="run_drop"),
]
