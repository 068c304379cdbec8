"""The same film sent twice, names of every kind, and what one person's films may weigh."""

import pytest
from django.urls import reverse

from circo.models import Job
from tests.videos.films import film_of
from tests.videos.test_uploads import TUS, begin, bytes_of, send
from videos import actions, paths, queries
from videos.models import Film, Upload

PRINT = "a" * 64
METADATA = f"filename Y2xhc3NlLm1wNA==,fingerprint {'YWFh' * 21}YQ=="  # classe.mp4, 64 times "a"


@pytest.fixture
def amina(world, sign_in):
    return sign_in(world.amina)


def begin_known(client, size: int = 10):
    return begin(client, size, **{"Upload-Metadata": METADATA})


def test_two_tabs_send_one_film(world, amina):
    """Whichever tab asks second goes on with the upload of the first, and one film comes of both."""
    first, second = begin_known(amina), begin_known(amina)
    assert first.headers["Location"] == second.headers["Location"]
    address = first.headers["Location"]
    assert send(amina, address, 0, b"01234").status_code == 204
    assert send(amina, address, 0, b"01234").status_code == 409, "the other tab asks where it is, and goes on"
    assert begin_known(amina).headers["Location"] == address
    send(amina, address, 5, b"56789")
    assert begin_known(amina).headers["Upload-Offset"] == "10", "all of it is there"
    common = {"upload": Upload.objects.get(), "title": "Un film", "group": world.here.group, "by": world.amina}
    assert actions.deposit(**common) == actions.deposit(**common)
    assert (Film.objects.count(), Job.objects.count(), bytes_of(address)) == (1, 1, b"0123456789")


def test_the_same_bytes_of_two_people_are_two_uploads(world, sign_in):
    begin_known(sign_in(world.amina))
    begin_known(sign_in(world.bruno))
    assert Upload.objects.count() == 2


def test_film_deposited_already_is_pointed_at_and_not_forbidden(world, amina):
    film = film_of(world.amina, world.here.group, size_bytes=10, fingerprint=PRINT)
    film_of(world.bruno, world.here.group, size_bytes=10, fingerprint=PRINT)
    again = begin_known(amina)
    assert (again.status_code, again.headers["Same-Film"]) == (201, reverse("videos:film_page", args=[film.pk]))
    assert "Same-Film" not in begin_known(amina, 11).headers
    assert "Same-Film" not in begin(amina, 10).headers


def test_fingerprint_of_another_shape_is_dropped(amina):
    begin(amina, 10, **{"Upload-Metadata": "filename YS5tcDQ=,fingerprint Li4vLi4="})
    assert Upload.objects.get().fingerprint == ""


NAMES = {
    "-i.mp4": "-i.mp4",
    "a%03d.mp4": "a%03d.mp4",
    "file:x.mp4": "file:x.mp4",
    "pipe:0": "pipe:0",
    "a|b;`c`$(d).mp4": "a|b;`c`$(d).mp4",
    "ligne\nsuivante.mp4": "lignesuivante.mp4",
    "classe\u202e4pm.exe": "classe4pm.exe",
    "nul\x00.mp4": "nul.mp4",
    "../../etc/passwd": "passwd",
    "C:\\films\\dictée.mov": "dictée.mov",
    "é" * 255: "é" * 160,
    "": "film",
    "\u200b\u2066": "film",
}


@pytest.mark.parametrize("name", NAMES)
def test_name_is_a_label_and_never_a_path(amina, name):
    address = begin(amina, 2, name).headers["Location"]
    send(amina, address, 0, b"01")
    upload = Upload.objects.get()
    assert upload.file_name == NAMES[name]
    assert paths.source(upload.pk).read_bytes() == b"01"
    assert amina.get(reverse("videos:film_deposit")).status_code == 200


def test_name_that_is_html_stays_words(amina):
    begin(amina, 2, "<img src=x onerror=alert(1)>.mp4")
    assert "<img src=x" not in amina.get(reverse("videos:film_deposit")).text


def test_films_of_one_person_have_a_quota(world, amina, settings):
    settings.FILM_STORED_QUOTA_BYTES = 100
    film = film_of(world.amina, world.here.group, size_bytes=60)
    film_of(world.bruno, world.here.group, size_bytes=60)
    film_of(
        world.amina,
        world.here.group,
        size_bytes=60,
        state="REFUSED",
        refusal="Non.",
        output="",
    )
    assert queries.stored_bytes(world.amina) == 60, "a refused film whose file is gone takes no room"
    refused = begin(amina, 50)
    assert refused.status_code == 413
    assert "occupent" in refused.content.decode()
    assert begin(amina, 40).status_code == 201
    assert begin(amina, 10).status_code == 413, "what is on its way counts"
    settings.FILM_STORED_QUOTA_BYTES = 0
    assert begin(amina, 50).status_code == 201
    settings.FILM_STORED_QUOTA_BYTES = 100
    actions.erase_film(film=film, by=world.amina)
    assert begin(amina, 10).status_code == 201


def test_asking_for_an_upload_without_a_size_makes_none(amina):
    assert amina.post("/films/envois/", headers=TUS, content_type="text/plain").status_code == 400
    assert not Upload.objects.exists()
