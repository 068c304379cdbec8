from django.urls import path

from events.trials import views

urlpatterns = [
    path("plans/<int:pk>/essais/", views.trial_list, name="trial_list"),
    path("plans/<int:pk>/essais/demander/", views.trial_ask, name="trial_ask"),
    path("plans/<int:pk>/essais/verrous/", views.trial_prices, name="trial_prices"),
    path("plans/<int:pk>/essais/effacer/", views.trial_forget, name="trial_forget"),
    path("essais/<int:pk>/lever/", views.trial_lift, name="trial_lift"),
]
