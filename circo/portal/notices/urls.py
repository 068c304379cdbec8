from django.urls import path

from circo.portal.notices import views

urlpatterns = [  # in the namespace `portal`
    path("", views.notices, name="notices"),
    path("lus/", views.notices_read, name="notices_read"),
    path("<int:pk>/ouvrir/", views.notice_open, name="notice_open"),
    path("<int:pk>/lu/", views.notice_read, name="notice_read"),
    path("preferences/", views.notice_preferences, name="notice_preferences"),
    path("preferences/enregistrer/", views.notice_preferences_save, name="notice_preferences_save"),
    path("preferences/retablir/<str:signed>/", views.notice_restore, name="notice_restore"),
    path("desabonnement/<str:signed>/", views.unsubscribe, name="unsubscribe"),
    path("desabonnement/fait/<str:signed>/", views.unsubscribed, name="unsubscribed"),
]
