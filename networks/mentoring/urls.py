"""The addresses of mentoring."""

from django.urls import URLPattern, URLResolver, include, path

from networks.mentoring.views import notes, pairs, thread

of_pair: list[URLPattern | URLResolver] = [
    path("", pairs.mentoring_pair, name="mentoring_pair"),
    path("accepter/", pairs.mentoring_accept, name="mentoring_accept"),
    path("decliner/", pairs.mentoring_decline, name="mentoring_decline"),
    path("finir/", pairs.mentoring_end, name="mentoring_end"),
    path("continuer/", pairs.mentoring_take_back, name="mentoring_take_back"),
    path("effacer/", pairs.mentoring_erase, name="mentoring_erase"),
    path("garder/", pairs.mentoring_keep, name="mentoring_keep"),
    path("effacer-les-miens/", pairs.mentoring_erase_mine, name="mentoring_erase_mine"),
    path("remettre-les-miens/", pairs.mentoring_restore_mine, name="mentoring_restore_mine"),
    path("fil/", thread.mentoring_thread, name="mentoring_thread"),
    path("lu/", thread.mentoring_read, name="mentoring_read"),
    path("messages/", thread.mentoring_send, name="mentoring_send"),
    path("messages/<int:row_id>/modifier/", thread.mentoring_edit, name="mentoring_edit"),
    path("messages/<int:row_id>/enregistrer/", thread.mentoring_update, name="mentoring_update"),
    path("messages/<int:row_id>/retirer/", thread.mentoring_remove, name="mentoring_remove"),
    path("messages/<int:row_id>/remettre/", thread.mentoring_restore, name="mentoring_restore"),
    path("objectifs/", notes.goal_add, name="mentoring_goal_add"),
    path("objectifs/<int:row_id>/modifier/", notes.goal_edit, name="mentoring_goal_edit"),
    path("objectifs/<int:row_id>/enregistrer/", notes.goal_update, name="mentoring_goal_update"),
    path("objectifs/<int:row_id>/atteint/", notes.goal_reach, name="mentoring_goal_reach"),
    path("objectifs/<int:row_id>/retirer/", notes.goal_remove, name="mentoring_goal_remove"),
    path("objectifs/<int:row_id>/remettre/", notes.goal_restore, name="mentoring_goal_restore"),
    path("rencontres/", notes.meeting_add, name="mentoring_meeting_add"),
    path("rencontres/<int:row_id>/modifier/", notes.meeting_edit, name="mentoring_meeting_edit"),
    path("rencontres/<int:row_id>/enregistrer/", notes.meeting_update, name="mentoring_meeting_update"),
    path("rencontres/<int:row_id>/annuler/", notes.meeting_call_off, name="mentoring_meeting_call_off"),
    path("rencontres/<int:row_id>/remettre/", notes.meeting_put_back, name="mentoring_meeting_put_back"),
    path("rencontres/<int:row_id>/a-eu-lieu/", notes.meeting_hold, name="mentoring_meeting_hold"),
]
urlpatterns = [
    path("mentorat/", pairs.mentoring_home, name="mentoring_home"),
    path("mentorat/proposer/", pairs.mentoring_propose, name="mentoring_propose"),
    path("mentorat/presenter/", pairs.mentoring_introduce, name="mentoring_introduce"),
    path("mentorat/<int:pk>/", include(of_pair)),
]
