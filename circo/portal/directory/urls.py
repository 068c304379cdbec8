from django.urls import path

from circo.portal.directory import views

urlpatterns = [  # in the namespace `portal`
    path("ecoles/<str:uai>/", views.school_page, name="school_page"),
    path("personnes/<int:pk>/", views.person_page, name="person_page"),
]
