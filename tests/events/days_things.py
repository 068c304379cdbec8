"""What the sweeps need of sharing days, their convocations and their presences."""

from __future__ import annotations

from datetime import time

from django.utils import timezone

from events.models import DayRules, Presence, Slot, Workshop, WorkshopSession
from tests.events.days import called, today_of
from tests.house.supplying import Scene, Supplied

OF_DAY = (
    "day_page",
    "day_calendar",
    "day_edit",
    "day_change",
    "day_publish",
    "day_unpublish",
    "day_cancel",
    "day_restore",
    "day_hold",
    "day_unhold",
    "day_close",
    "day_reopen",
    "convocation_list",
    "convocation_refresh",
    "convocation_invite",
    "convocation_invite_from",
    "convocation_send",
    "convocation_remind",
    "convocation_letters",
    "convocation_pdf",
    "convocation_answer",
    "convocation_take_back",
    "presence_lists",
    "presence_sheet",
    "presence_export",
    "certificate_letters",
    "certificate_pdf",
)
OF_PROGRAMME = (
    "programme_edit",
    "programme_show",
    "programme_hide",
    "programme_pdf",
    "seats_give",
    "seats_stop",
    "seats_ungive",
    "slot_new",
    "slot_create",
    "workshop_new",
    "workshop_create",
    "wishes_edit",
    "evaluation_edit",
    "evaluation_send",
    "evaluation_results",
    "wishes_save",
    "seat_ask",
)
OF_SLOT = ("slot_edit", "slot_change", "slot_remove", "session_new", "session_create")
OF_WORKSHOP = ("workshop_edit", "workshop_change", "workshop_remove")
OF_SESSION = ("session_edit", "session_change", "session_remove", "session_cancel")
OF_DISTRICT = ("day_dates", "day_new", "day_create")
OF_CONVOCATION = ("convocation_take_out", "convocation_put_back", "convocation_preview")
OF_HALF = ("presence_add", "presence_list", "presence_record", "presence_screen", "presence_sign")
OF_PRESENCE = ("presence_edit", "presence_note")


def supply(scene: Scene) -> Supplied:
    ground, teacher, mark = scene.ground, scene.teacher, scene.mark
    texts = dict.fromkeys(("title", "theme", "words", "where", "meal", "reference"), f"Partages{mark}")
    shown = {"programme_at": timezone.now(), "wishes_until": timezone.localdate()}
    day = today_of(ground, scene.secretary, **texts, **shown)
    (one,) = called(day, teacher, answer="MORNING", reason="OTHER", word=f"Un mot{mark}")
    Presence.objects.create(convocation=one, half="AM", way="LIST")
    held = DayRules.objects.create(district=ground.district, days_a_year=3)
    slot = Slot.objects.create(day=day, starts=time(9), ends=time(10), title=f"Ateliers{mark}", kind="WORKSHOPS")
    workshop, removed = (Workshop.objects.create(day=day, title=f"{name}{mark}") for name in ("Le silence", "Retiré"))
    removed.removed_at = day.published_at
    removed.save()
    session = WorkshopSession.objects.create(slot=slot, workshop=workshop, room=f"B1{mark}", capacity=12)
    other = Workshop.objects.create(day=day, title=f"La dictée{mark}")
    off = WorkshopSession.objects.create(slot=slot, workshop=other, capacity=12, cancelled_at=timezone.now())
    mine, half = {"pk": day.pk}, {"pk": day.pk, "half": "matin"}
    person = {"convocation_pk": one.pk}
    return Supplied(
        urls={
            **{f"events:{name}": mine for name in OF_DAY},
            **{f"events:{name}": {"district_pk": ground.district.pk} for name in OF_DISTRICT},
            **{f"events:{name}": mine | person for name in OF_CONVOCATION},
            **{f"events:{name}": half for name in OF_HALF},
            **{f"events:{name}": half | person for name in OF_PRESENCE},
            **{f"events:{name}": mine for name in OF_PROGRAMME},
            **{f"events:{name}": mine | {"slot_pk": slot.pk} for name in OF_SLOT},
            **{f"events:{name}": mine | {"workshop_pk": workshop.pk} for name in OF_WORKSHOP},
            **{f"events:{name}": mine | {"session_pk": session.pk} for name in OF_SESSION},
            "events:session_restore": mine | {"session_pk": off.pk},
            "events:workshop_restore": mine | {"workshop_pk": removed.pk},
            "events:presence_scan": half | {"code": "1-x"},
        },
        admin={"sharingday": day, "dayrules": held},
    )
