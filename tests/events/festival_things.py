"""What the sweeps need of a festival, and of what is proposed for it."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from events.festival.mails import token_of
from events.models import AnimationSession, FestivalPicture, SeatBooking
from tests.events.festivals import in_a_month
from tests.house.supplying import Scene, Supplied

OF_FESTIVAL = (
    "festival_public",
    "festival_page",
    "festival_edit",
    "festival_change",
    "animation_new",
    "animation_create",
    "festival_programme",
    "festival_poster",
    "helper_planning",
    "festival_photos",
    "picture_list",
    "picture_add",
    "festival_count",
)
OF_ANIMATION = (
    "animation_page",
    "animation_edit",
    "animation_change",
    "animation_decide",
    "animation_withdraw",
    "animation_put_back",
    "animation_time_add",
)
OF_SESSION = ("visitor_new", "visitor_ask", "visitor_asked", "helper_join", "helper_leave")
OF_PICTURE = ("festival_picture", "picture_remove", "picture_restore")
OF_BOOKING = ("visitor_page", "visitor_confirm", "visitor_cancel")


def drawn() -> bytes:
    """A small picture."""
    written = BytesIO()
    Image.new("RGB", (64, 48), "teal").save(written, "JPEG")
    return written.getvalue()


def supply(scene: Scene) -> Supplied:
    festival, session = in_a_month(scene.ground, scene.teacher, scene.secretary, scene.mark)
    mine, animation = {"pk": festival.pk}, {"pk": session.animation_id}
    booking = SeatBooking.objects.create(
        session=session,
        first_name=f"Zoé{scene.mark}",
        email="zoe@example.test",
        seats=1,
        state="HELD",
        held_until=timezone.now() + timedelta(hours=5),
    )
    AnimationSession.objects.filter(pk=session.pk).update(taken=1)
    picture = FestivalPicture.objects.create(
        festival=festival, kind="PHOTO", words=f"Une fusée{scene.mark}", agreed_at=timezone.now()
    )
    default_storage.save(picture.key, ContentFile(drawn()))
    return Supplied(
        urls={
            **{f"events:{name}": mine for name in OF_FESTIVAL},
            **{f"events:{name}": animation for name in OF_ANIMATION},
            **{f"events:{name}": mine | {"session_pk": session.pk} for name in OF_SESSION},
            **{f"events:{name}": {"token": token_of(booking)} for name in OF_BOOKING},
            **{f"events:{name}": mine | {"picture_pk": picture.pk} for name in OF_PICTURE},
            "events:festival_new": {"district_pk": scene.ground.district.pk},
            "events:festival_create": {"district_pk": scene.ground.district.pk},
            "events:festival_lead": mine | {"verb": "retirer"},
            **{
                f"events:animation_time_{verb}": animation | {"time_pk": session.pk}
                for verb in ("edit", "move", "remove")
            },
        },
        admin={"festival": festival},
    )
