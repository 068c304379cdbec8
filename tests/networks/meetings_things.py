"""What the sweeps need of meetings."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from networks.meetings import actions
from networks.meetings.rules import Choice, MeetingState, Presence, Way
from networks.models import Attendance, Meeting, PollAnswer, PollOption
from tests.house.supplying import Scene, Supplied
from tests.networks.meetings import begun
from tests.videos.sheets import PDF, sent

OF_MEETING = (
    "meeting_page",
    "meeting_edit",
    "meeting_change",
    "meeting_calendar",
    "meeting_cancel",
    "meeting_restore",
    "attendance_excuse",
    "attendance_declare",
    "attendance_list",
    "attendance_record",
    "attendance_screen",
    "attendance_sign",
    "sign_in_sheet",
    "meeting_close",
    "meeting_reopen",
    "minutes_edit",
    "minutes_save",
    "meeting_attach",
)
OF_GROUP = ("meeting_list", "meeting_new", "meeting_plan", "poll_new", "poll_create")
OF_POLL = ("poll_answer", "poll_close", "poll_choose")
OF_DOCUMENT = ("meeting_document", "meeting_document_remove", "meeting_document_restore")


def supply(scene: Scene) -> Supplied:
    group, teacher, mark = scene.ground.group, scene.teacher, scene.mark
    meeting = begun(group, teacher, title=f"Lire ensemble{mark}", agenda=f"La grille{mark}", minutes=f"On a lu{mark}")
    Attendance.objects.create(meeting=meeting, person=teacher, presence=Presence.PRESENT, way=Way.SELF)
    document = actions.attach(meeting=meeting, file=sent(PDF, f"grille{mark}.pdf"), by=teacher)
    poll = Meeting.objects.create(group=group, organiser=teacher, title=f"Une date{mark}", state=MeetingState.POLLING)
    soon = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=7)
    option = PollOption.objects.create(meeting=poll, starts_at=soon, ends_at=soon + timedelta(hours=2))
    PollAnswer.objects.create(option=option, person=teacher, choice=Choice.YES)
    mine = {"pk": meeting.pk}
    return Supplied(
        urls={
            **{f"networks:{name}": mine for name in OF_MEETING},
            **{f"networks:{name}": {"group_pk": group.pk} for name in OF_GROUP},
            **{f"networks:{name}": {"pk": poll.pk} for name in OF_POLL},
            **{f"networks:{name}": mine | {"document_id": document.pk} for name in OF_DOCUMENT},
            "networks:attendance_confirm": mine | {"person_pk": teacher.pk},
            "networks:attendance_scan": mine | {"code": "1-x"},
        },
        admin={"meeting": meeting},
    )
