"""Pictures of the festival, whose people agreed; and its figures."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from circo.errors import Refusal
from events.festival import booking, picturing, queries
from events.festival.booking import Asked
from events.festival.rules import PictureKind
from events.models import FestivalHelper, FestivalPicture, SeatBooking
from tests.events.festivals import NOW, published


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW.replace(tzinfo=timezone.get_default_timezone()), tick=True) as traveller:
        yield traveller


@pytest.fixture
def festival(world):
    return published(world.here, world.amina, world.adviser)[0]


def photo(size=(2000, 1000)) -> SimpleUploadedFile:
    """A photo that says where and by what it was taken."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "A camera", 6  # its maker; lying on its side
    exif.get_ifd(0x8825)[1] = "N"  # GPS
    written = BytesIO()
    Image.new("RGB", size, "teal").save(written, "JPEG", exif=exif)
    return SimpleUploadedFile("IMG_1234.jpg", written.getvalue(), "image/jpeg")


def added(festival, by, kind=PictureKind.PHOTO, agreed=True, **fields):
    given = {"file": photo(), "words": "Une fusée décolle"}
    picturing.add(festival=festival, kind=kind, agreed=agreed, by=by, **given | fields)
    return FestivalPicture.objects.latest("added_at", "pk")


def test_a_photo_is_made_again_and_shown_to_all(world, festival, client):
    picture = added(festival, world.adviser)
    response = client.get(reverse("events:festival_picture", args=[festival.pk, picture.pk]))
    content = response.content
    assert b"A camera" not in content
    with Image.open(BytesIO(content)) as image:
        assert (image.size, dict(image.getexif())) == ((640, 1280), {})
    assert "Une fusée décolle" in client.get(reverse("events:festival_photos", args=[festival.pk])).content.decode()


def test_no_photo_without_the_agreement_of_all(world, festival, sign_in):
    url = reverse("events:picture_add", args=[festival.pk])
    typed = {"kind": "PHOTO", "file": photo(), "words": "Des enfants"}
    response = sign_in(world.adviser).post(url, typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert "chaque personne que l’on reconnaît est d’accord" in page
    assert 'value="Des enfants"' in page
    with pytest.raises(Refusal, match="est d’accord"):
        added(festival, world.adviser, agreed=False)
    assert not FestivalPicture.objects.exists()
    picture = added(festival, world.adviser)
    with pytest.raises(IntegrityError), transaction.atomic():
        FestivalPicture.objects.filter(pk=picture.pk).update(agreed_at=None)


def test_what_is_no_picture_is_refused(world, festival):
    with pytest.raises(Refusal, match="pas une image"):
        added(festival, world.adviser, file=SimpleUploadedFile("x.jpg", b"<svg onload=alert(1)>"))


def test_a_photo_taken_away_is_gone_at_once_and_may_come_back(world, festival, client, clock):
    picture = added(festival, world.adviser)
    url = reverse("events:festival_picture", args=[festival.pk, picture.pk])
    picturing.remove(picture=picture, by=world.adviser)
    assert client.get(url).status_code == 404
    picturing.restore(picture=picture, by=world.adviser)
    assert client.get(url).status_code == 200
    picturing.remove(picture=picture, by=world.adviser)
    picturing.forget_removed()
    assert default_storage.exists(picture.key)
    clock.shift(timedelta(days=8))
    picturing.forget_removed()
    assert not default_storage.exists(picture.key)
    assert not FestivalPicture.objects.exists()


def test_nothing_is_shown_before_publication_nor_to_who_does_not_prepare(world, festival, client, sign_in):
    picture = added(festival, world.adviser)
    festival.state = "CALL"
    festival.save()
    for name, more in (("festival_photos", []), ("festival_picture", [picture.pk])):
        assert client.get(reverse(f"events:{name}", args=[festival.pk, *more])).status_code == 404
    own = reverse("events:festival_picture", args=[festival.pk, picture.pk])
    codes = {who: sign_in(world.people[who]).get(own).status_code for who in ("amina", "adviser_there", "adviser")}
    assert codes == {"amina": 404, "adviser_there": 404, "adviser": 200}
    with pytest.raises(Refusal):
        added(festival, world.amina)
    with pytest.raises(Refusal):
        picturing.remove(picture=picture, by=world.adviser_there)


def test_a_new_plan_takes_the_place_of_the_old_one(world, festival, client):
    old = added(festival, world.adviser, PictureKind.PLAN, agreed=False, words="Le plan")
    new = added(festival, world.adviser, PictureKind.PLAN, agreed=False, words="Le nouveau plan")
    page = client.get(reverse("events:festival_public", args=[festival.pk])).content.decode()
    assert str(new.pk) in page
    assert str(old.pk) not in page
    with pytest.raises(Refusal, match="Un autre plan"):
        picturing.restore(picture=old, by=world.adviser)


def test_figures_stay_once_names_are_forgotten(world, festival):
    session = festival.animations.get().sessions.get()
    booking.ask(session=session, asked=Asked("Zoé", "zoe@example.test", 3))
    FestivalHelper.objects.create(session=session, person=world.bruno)
    picturing.count_visitors(festival=festival, visitors=412, by=world.adviser)
    SeatBooking.objects.all().delete()
    festival.refresh_from_db()
    assert queries.figures_of(festival).pairs == [
        (412, "visiteurs"),
        (1, "stand ou atelier"),
        (1, "séance"),
        (3, "places réservées"),
        (1, "bénévole"),
    ]
