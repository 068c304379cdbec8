from django.urls import path

from circo.personal import views

app_name = "personal"
urlpatterns = [
    path("mes-donnees/", views.data_page, name="data_page"),
    path("mes-donnees/exporter/", views.data_export, name="data_export"),
    path("mes-donnees/mes-donnees.zip", views.data_download, name="data_download"),
    path("mes-donnees/effacer-l-archive/", views.data_forget, name="data_forget"),
]
