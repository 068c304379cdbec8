"""The addresses of meetings."""

from django.urls import path

from networks.meetings.views import attending, pages, papers, polls

urlpatterns = [
    path("<int:group_pk>/rencontres/", pages.meeting_list, name="meeting_list"),
    path("<int:group_pk>/rencontres/nouvelle/", pages.meeting_new, name="meeting_new"),
    path("<int:group_pk>/rencontres/prevoir/", pages.meeting_plan, name="meeting_plan"),
    path("<int:group_pk>/rencontres/date/", polls.poll_new, name="poll_new"),
    path("<int:group_pk>/rencontres/demander/", polls.poll_create, name="poll_create"),
    path("rencontres/<int:pk>/", pages.meeting_page, name="meeting_page"),
    path("rencontres/<int:pk>/modifier/", pages.meeting_edit, name="meeting_edit"),
    path("rencontres/<int:pk>/changer/", pages.meeting_change, name="meeting_change"),
    path("rencontres/<int:pk>/rencontre.ics", pages.meeting_calendar, name="meeting_calendar"),
    path("rencontres/<int:pk>/annuler/", pages.meeting_cancel, name="meeting_cancel"),
    path("rencontres/<int:pk>/remettre/", pages.meeting_restore, name="meeting_restore"),
    path("rencontres/<int:pk>/repondre/", polls.poll_answer, name="poll_answer"),
    path("rencontres/<int:pk>/date/", polls.poll_close, name="poll_close"),
    path("rencontres/<int:pk>/choisir/", polls.poll_choose, name="poll_choose"),
    path("rencontres/<int:pk>/excuse/", attending.attendance_excuse, name="attendance_excuse"),
    path("rencontres/<int:pk>/venue/", attending.attendance_declare, name="attendance_declare"),
    path("rencontres/<int:pk>/presences/", attending.attendance_list, name="attendance_list"),
    path("rencontres/<int:pk>/presences/noter/", attending.attendance_record, name="attendance_record"),
    path("rencontres/<int:pk>/presences/<int:person_pk>/", attending.attendance_confirm, name="attendance_confirm"),
    path("rencontres/<int:pk>/ecran/", attending.attendance_screen, name="attendance_screen"),
    path("rencontres/<int:pk>/code/<str:code>/", attending.attendance_scan, name="attendance_scan"),
    path("rencontres/<int:pk>/signer/", attending.attendance_sign, name="attendance_sign"),
    path("rencontres/<int:pk>/emargement.pdf", attending.sign_in_sheet, name="sign_in_sheet"),
    path("rencontres/<int:pk>/tenue/", attending.meeting_close, name="meeting_close"),
    path("rencontres/<int:pk>/rouvrir/", attending.meeting_reopen, name="meeting_reopen"),
    path("rencontres/<int:pk>/compte-rendu/", papers.minutes_edit, name="minutes_edit"),
    path("rencontres/<int:pk>/compte-rendu/ecrire/", papers.minutes_save, name="minutes_save"),
    path("rencontres/<int:pk>/documents/", papers.document_attach, name="meeting_attach"),
    path("rencontres/<int:pk>/documents/<uuid:document_id>/", papers.document_file, name="meeting_document"),
    path(
        "rencontres/<int:pk>/documents/<uuid:document_id>/retirer/",
        papers.document_remove,
        name="meeting_document_remove",
    ),
    path(
        "rencontres/<int:pk>/documents/<uuid:document_id>/remettre/",
        papers.document_restore,
        name="meeting_document_restore",
    ),
]
