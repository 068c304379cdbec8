from django.urls import path

from circo.portal.steering import views

urlpatterns = [  # in the namespace `portal`
    path("", views.page, name="steering"),
    path("ecoles.csv", views.schools_csv, name="steering_schools"),
]
