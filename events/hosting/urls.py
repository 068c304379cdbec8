from django.urls import path

from events.hosting import views

urlpatterns = [path("accueil/", views.hosted_list, name="hosted_list")]
