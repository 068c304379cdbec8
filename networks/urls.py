from django.urls import path

from networks import views

app_name = "networks"
urlpatterns = [
    path("", views.group_list, name="group_list"),
    path("<int:pk>/", views.group_page, name="group_page"),
]
