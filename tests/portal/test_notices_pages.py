"""The pages of notices: mine alone, read by a POST, wished as I like, left by a link."""

import os

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import include, path, reverse

from circo import notices, unsubscribing
from circo.models import Delivery, Notice
from circo.notices import NoticeKind
from circo.portal.mailbox.reading import mails_in
from tests.conftest import writes
from tests.world import MARK

LIST = reverse("portal:notices")
WISHES = reverse("portal:notice_preferences")
SAVE = reverse("portal:notice_preferences_save")


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    kinds = [
        NoticeKind("comment", "Commentaires", "Quand un collègue commente.", Delivery.DAILY),
        NoticeKind("ready", "Films prêts", "Quand un film est prêt.", Delivery.AT_ONCE),
    ]
    monkeypatch.setattr(notices, "_KINDS", {kind.name: kind for kind in kinds})


def tell(person, key="1", **words):
    words = {"kind": "comment", "title": f"Nouvelle {key}", "path": reverse("portal:home")} | words
    notices.tell(person=person, key=key, **words)
    return Notice.objects.get(person=person, kind=words["kind"], key=key)


def test_list_shows_mine_alone_the_unread_first(world, sign_in):
    notices.mark_read(notice=tell(world.amina, "déjà lue"))
    tell(world.amina, "à lire", text="<script>alert(1)</script>")
    tell(world.denis, MARK)
    seen = sign_in(world.amina).get(LIST).content.decode()
    assert seen.index("Nouvelle à lire") < seen.index("Nouvelle déjà lue")
    assert MARK not in seen
    assert "&lt;script&gt;alert(1)" in seen
    assert "1 avis à lire" in seen


def test_who_has_none_is_told_so(world, sign_in):
    assert "Aucun avis" in sign_in(world.amina).get(LIST).content.decode()


def test_opening_marks_read_and_leads_to_the_page(world, sign_in):
    notice = tell(world.amina, path="/aide/")
    client = sign_in(world.amina)
    url = reverse("portal:notice_open", args=[notice.pk])
    with writes() as written:
        assert client.get(url).status_code == 405
        client.get(LIST)
    assert not [sql for sql in written if "notice" in sql]
    answer = client.post(url)
    assert (answer.status_code, answer["Location"]) == (302, "/aide/")
    notice.refresh_from_db()
    first = notice.read_at
    client.post(url)
    notice.refresh_from_db()
    assert notice.read_at == first is not None


@pytest.mark.parametrize("verb", ["notice_open", "notice_read"])
def test_nobody_reads_the_notice_of_another(world, sign_in, verb):
    notice = tell(world.amina)
    for name in ("bruno", "inspector", "superuser"):
        assert sign_in(getattr(world, name)).post(reverse(f"portal:{verb}", args=[notice.pk])).status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_marking_all_read_marks_mine_alone(world, sign_in):
    for key in "123":
        tell(world.amina, key)
    tell(world.bruno)
    sign_in(world.amina).post(reverse("portal:notices_read"))
    assert not Notice.objects.visible_to(world.amina).unread().exists()
    assert Notice.objects.visible_to(world.bruno).unread().count() == 1


def test_list_is_paginated_at_constant_cost(world, sign_in):
    client = sign_in(world.amina)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(LIST).status_code == 200
        return len(captured)

    tell(world.amina, "first")
    one = queries()
    for number in range(25):
        tell(world.amina, str(number))
    assert queries() == one
    seen = client.get(LIST, {"page": 2}).content.decode()
    assert "Nouvelle first" in seen
    assert client.get(LIST, {"page": "x"}).status_code == 200


def choices(**wishes):
    return {"comment": "DAILY", "ready": "AT_ONCE"} | wishes


def test_wishes_are_saved_and_undone(world, sign_in):
    client = sign_in(world.amina)
    assert 'value="DAILY"' in client.get(WISHES).content.decode()
    answer = client.post(SAVE, choices(comment="NONE"), follow=True)
    assert "C’est enregistré" in answer.content.decode()
    assert notices.wishes_of(world.amina)["comment"] == Delivery.NONE
    undo = reverse("portal:notice_restore", args=[answer.context["undo"]])
    assert "rétablis" in client.post(undo, follow=True).content.decode()
    assert notices.wishes_of(world.amina)["comment"] == Delivery.DAILY


def test_htmx_gets_the_part_of_the_page_that_changes(world, sign_in):
    client = sign_in(world.amina)
    whole = client.post(SAVE, choices(ready="NONE"), follow=True)
    part = client.get(whole.redirect_chain[-1][0], headers={"HX-Request": "true"})
    assert part.content.decode().strip().startswith('<div id="saved">')
    assert "C’est enregistré" in part.content.decode()


@pytest.mark.parametrize("data", [{}, choices(comment="HOURLY"), {"comment": "NONE"}])
def test_bad_wishes_change_nothing(world, sign_in, data):
    assert sign_in(world.amina).post(SAVE, data).status_code == 422
    assert notices.wishes_of(world.amina) == {"comment": Delivery.DAILY, "ready": Delivery.AT_ONCE}


def test_the_undo_of_somebody_else_is_not_shown(world, sign_in):
    foreign = unsubscribing.undo_token(world.bruno, {"comment": Delivery.AT_ONCE})
    seen = sign_in(world.amina).get(WISHES, {"avant": foreign}).content.decode()
    assert "C’est enregistré" not in seen
    assert sign_in(world.amina).get(WISHES, {"avant": "x" * 5000}).status_code == 200


def test_leaving_by_hand_asks_first_and_can_be_undone(world, client):
    url = reverse("portal:unsubscribe", args=[unsubscribing.token(world.amina, "ready")])
    with writes() as written:
        seen = client.get(url).content.decode()
    assert "Films prêts" in seen
    assert not written
    assert world.amina.email not in seen
    answer = client.post(url, follow=True)
    assert "C’est fait" in answer.content.decode()
    assert notices.wishes_of(world.amina)["ready"] == Delivery.NONE
    assert "Vous ne recevez pas" in client.get(url).content.decode()
    restored = client.post(reverse("portal:notice_restore", args=[answer.context["signed"]]), follow=True)
    assert "rétablis" in restored.content.decode()
    assert notices.wishes_of(world.amina)["ready"] == Delivery.AT_ONCE


# --- The mailbox of a demonstration -----------------------------------------------------------------------------------
class DemoUrls:
    urlpatterns = [path("", include("circo.urls")), path("demo/", include("circo.portal.mailbox.urls"))]


@pytest.fixture
def demo(settings, tmp_path):
    settings.DEMO = True
    settings.MAILS_DIR = tmp_path / "mails"
    settings.ROOT_URLCONF = DemoUrls
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": settings.MAILS_DIR},
        }
    }
    return settings


def test_demo_mails_are_readable_newest_first(db, demo, client):
    assert "Aucun e-mail" in client.get("/demo/mails/").content.decode()
    for number in (1, 2):
        message = mail.EmailMultiAlternatives(
            f"Été {number} <b>", f"Voilà <script>x</script> http://127.0.0.1/aide/{number}", None, ["a@ecole.test"]
        )
        message.attach_alternative("<h1>page</h1>", "text/html")
        message.send()
    seen = client.get("/demo/mails/").content.decode()
    assert "Été 1 &lt;b&gt;" in seen
    assert "&lt;script&gt;" in seen
    assert 'href="http://127.0.0.1/aide/1"' in seen
    assert "<h1>page" not in seen


def test_demo_mails_exist_in_a_demonstration_only(db, demo, client):
    demo.DEMO = False
    assert client.get("/demo/mails/").status_code == 404


def test_a_file_of_mails_is_read_again_once_it_has_grown(tmp_path):
    file = tmp_path / "1.log"
    first, second = (
        f"Subject: {name}\nTo: a@b.test\nDate: Thu, 26 Nov 2026 10:00:00 +0000\n\nBonjour\n" for name in "AB"
    )
    file.write_text(first)
    assert [one.subject for one in mails_in(tmp_path)] == ["A"]
    file.write_text(first + "\n" + "-" * 79 + "\n" + second)
    os.utime(file, (1, 1))
    assert [one.subject for one in mails_in(tmp_path)] == ["A", "B"]
