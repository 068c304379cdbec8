from django.urls import path

from trainings.following.views import learners, meetings, sessions

urlpatterns = [
    path("sessions/", sessions.session_list, name="session_list"),
    path("<int:pk>/sessions/nouvelle/", sessions.session_new, name="session_new"),
    path("<int:pk>/sessions/creer/", sessions.session_create, name="session_create"),
    path("sessions/<int:pk>/", sessions.session_page, name="session_page"),
    path("sessions/<int:pk>/modifier/", sessions.session_edit, name="session_edit"),
    path("sessions/<int:pk>/enregistrer/", sessions.session_update, name="session_update"),
    path("sessions/<int:pk>/terminer/", sessions.session_end, name="session_end"),
    path("sessions/<int:pk>/reprendre/", sessions.session_reopen, name="session_reopen"),
    path("sessions/<int:pk>/dates/ajouter/", meetings.date_add, name="date_add"),
    path("sessions/dates/<int:pk>/retirer/", meetings.date_remove, name="date_remove"),
    path("sessions/dates/<int:pk>/remettre/", meetings.date_restore, name="date_restore"),
    path("sessions/dates/<int:pk>/presences/", meetings.presence_list, name="presence_list"),
    path("sessions/dates/<int:pk>/presences/enregistrer/", meetings.presence_save, name="presence_save"),
    path("sessions/dates/<int:pk>/jy-etais/", meetings.presence_say, name="presence_say"),
    path("sessions/<int:pk>/apprenants/<int:enrolment_id>/ecrire/", learners.word_new, name="word_new"),
    path("sessions/<int:pk>/apprenants/<int:enrolment_id>/envoyer/", learners.word_send, name="word_send"),
    path("<int:pk>/suivi/", learners.follow, name="follow"),
]
