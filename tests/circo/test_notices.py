"""Notices: told once, heard as each one wishes, mailed once, and left by one click."""

import email.policy
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from time import sleep
from zoneinfo import ZoneInfo

import pytest
import time_machine
from celery import current_app
from django.core import signing
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kombu.exceptions import OperationalError

from circo import notice_mails, notices, unsubscribing
from circo.models import Delivery, Notice, NoticePreference, OutgoingMail
from circo.models.notices import NoticeQuerySet
from circo.notices import NoticeKind
from tests.mails import deliver
from tests.world import build

PARIS = ZoneInfo("Europe/Paris")
MORNING = datetime(2026, 11, 24, 7, 0, tzinfo=PARIS)
KINDS = [
    NoticeKind("comment", "Commentaires", "Quand un collègue commente.", Delivery.DAILY),
    NoticeKind("ready", "Films prêts", "Quand un film est prêt.", Delivery.AT_ONCE),
    NoticeKind("club", "Vie du groupe", "Quand le groupe bouge.", Delivery.NONE),
]


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    monkeypatch.setattr(notices, "_KINDS", {kind.name: kind for kind in KINDS})


def tell(person, kind="comment", key="1", **words):
    words = {"title": f"Nouvelle {key}", "path": "/films/1/"} | words
    notices.tell(person=person, kind=kind, key=key, **words)


def told(person):
    return sorted(Notice.objects.visible_to(person).values_list("kind", "key"))


def test_notice_told_twice_is_told_once_to_each(world):
    notices.tell_many([world.amina, world.bruno, world.amina], kind="comment", key="1", title="Un")
    notices.tell_many([world.bruno, world.chloe], kind="comment", key="1", title="Autre")
    assert [told(person) for person in (world.amina, world.bruno, world.chloe, world.denis)] == [
        [("comment", "1")],
        [("comment", "1")],
        [("comment", "1")],
        [],
    ]
    assert Notice.objects.visible_to(world.bruno).get().title == "Un"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["amina", "bruno"]), st.sampled_from(["comment", "ready"]), st.text("ab", max_size=2))
    )
)
def test_telling_any_list_twice_equals_telling_its_set(world, tellings):
    Notice.objects.all().delete()
    for name, kind, key in tellings * 2:
        tell(getattr(world, name), kind, key)
    both = [(name, *row) for name in ("amina", "bruno") for row in told(getattr(world, name))]
    assert sorted(both) == sorted(set(tellings))


def test_notice_of_an_unknown_kind_is_a_bug(world):
    with pytest.raises(KeyError):
        tell(world.amina, "nothing")


@pytest.mark.parametrize(
    "path", ["https://evil.test/", "//evil.test/", "/\\evil.test", "films/1", "javascript:alert(1)"]
)
def test_notice_cannot_lead_out_of_the_site(world, path):
    with pytest.raises(ValueError, match="not a path"):
        tell(world.amina, path=path)


def test_title_becomes_one_line(world):
    tell(world.amina, "ready", title="Votre film\r\nBcc: all@ecole.test est prêt" + "x" * 300)
    title = Notice.objects.visible_to(world.amina).get().title
    assert title.startswith("Votre film Bcc: all")
    assert len(title) == 200


def test_at_once_notice_is_mailed_once_without_what_somebody_typed(world):
    tell(world.amina, "ready", title="Votre film est prêt", text="Léo lit <b>un album</b>")
    tell(world.amina, "comment")
    assert notice_mails.mail_at_once(now=datetime.now(PARIS)) == 1
    assert notice_mails.mail_at_once(now=datetime.now(PARIS)) == 0
    (message,) = deliver()
    assert (message.to, message.subject) == ([world.amina.email], "Votre film est prêt")
    html = message.alternatives[0].content
    for part in (message.body, html):
        assert "/films/1/" in part
        assert "Léo" not in part
        assert "<img" not in part
    stop = message.extra_headers["List-Unsubscribe"].strip("<>")
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop in message.body
    assert stop in html


def test_the_link_that_leaves_is_one_plain_line_of_the_header(world, settings):
    settings.SITE_URL = "https://partages.circonscription-du-val-de-reuil.example.fr"
    tell(world.amina, "ready")
    notice_mails.mail_at_once(now=datetime.now(PARIS))
    (message,) = deliver()
    lines = message.message(policy=email.policy.SMTP).as_bytes().decode().split("\r\n")
    (line,) = [line for line in lines if line.startswith("List-Unsubscribe:")]
    assert line.startswith(f"List-Unsubscribe: <{settings.SITE_URL}/avis/desabonnement/")
    assert line.endswith("/>")


def test_title_is_escaped_in_the_page_of_a_mail_only(world):
    tell(world.amina, "ready", title="L’école <script> & {{ 7|add:7 }} {x.__class__} est prête")
    notice_mails.mail_at_once(now=datetime.now(PARIS))
    (message,) = deliver()
    assert "<script> & {{ 7|add:7 }} {x.__class__}" in message.body
    assert "&lt;script&gt; &amp; {{ 7|add:7 }}" in message.alternatives[0].content


def test_telling_rings_only_for_what_is_wanted_at_once(world, monkeypatch, django_capture_on_commit_callbacks):
    rung = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **options: rung.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        tell(world.amina, "comment")
        tell(world.amina, "club")
    assert rung == []
    with django_capture_on_commit_callbacks(execute=True):
        tell(world.amina, "ready")
    assert rung == ["circo.tasks.mail_notices"]


def test_a_deaf_broker_does_not_stop_the_telling(world, monkeypatch, django_capture_on_commit_callbacks):
    def deaf(name, **options):
        raise OperationalError

    monkeypatch.setattr(current_app, "send_task", deaf)
    with django_capture_on_commit_callbacks(execute=True):
        tell(world.amina, "ready")
    assert notice_mails.mail_at_once(now=datetime.now(PARIS)) == 1  # the beat's ring


def test_digest_holds_yesterday_by_kind_and_leaves_once_a_day(world):
    with time_machine.travel(MORNING - timedelta(hours=10), tick=False):
        tell(world.amina, "comment", "1", title="Bruno a commenté")
        tell(world.amina, "comment", "2", title="Chloé a commenté")
        tell(world.amina, "club", "3", title="Silence")
        tell(world.bruno, "comment", "4", title="Pour Bruno")
        notices.mark_read(notice=Notice.objects.get(key="2"))
    with time_machine.travel(MORNING - timedelta(minutes=1)):
        assert notice_mails.mail_digests(now=MORNING - timedelta(minutes=1)) == 0  # of the day before: nothing
    assert notice_mails.mail_digests(now=MORNING) == 2
    with time_machine.travel(MORNING + timedelta(minutes=3)):
        tell(world.amina, "comment", "5", title="Après sept heures")
    for later in (0, 1, 60, 5 * 60, 16 * 60):  # two beats, a restarted beat, a beat all day long
        assert notice_mails.mail_digests(now=MORNING + timedelta(minutes=later)) == 0
    mine, his = sorted(deliver(), key=lambda message: message.to)
    assert (mine.to, his.to) == ([world.amina.email], [world.bruno.email])
    assert "Commentaires" in mine.body
    assert "Bruno a commenté" in mine.body
    assert all(absent not in mine.body for absent in ("Chloé", "Silence", "Pour Bruno", "Après"))
    assert mine.subject == "Votre résumé du mardi 24 novembre"
    assert notice_mails.mail_digests(now=MORNING + timedelta(days=1)) == 1
    (next_day,) = deliver()
    assert "Après sept heures" in next_day.body


@pytest.mark.parametrize("is_locked", [True, False])
@pytest.mark.django_db(transaction=True)
def test_two_workers_make_one_digest(monkeypatch, is_locked):
    """Without the lock both workers would take the same notices: the second line of this test is its canary."""
    if not connection.features.has_select_for_update:
        pytest.skip("SQLite has one writer at a time: this race is PostgreSQL's")
    amina = build().amina
    with time_machine.travel(MORNING - timedelta(hours=10)):
        tell(amina)
    if not is_locked:
        monkeypatch.setattr(NoticeQuerySet, "select_for_update", lambda self, **options: self)
    both, queue_mail = Barrier(2), notice_mails.queue_mail

    def slowly(**words):
        sleep(0.5)  # the other worker reads meanwhile
        return queue_mail(**words)

    def work(_):
        both.wait()
        try:
            return notice_mails.mail_digests(now=MORNING)
        finally:
            connection.close()

    monkeypatch.setattr(notice_mails, "queue_mail", slowly)
    with ThreadPoolExecutor(2) as workers:
        made = sum(workers.map(work, range(2)))
    assert made == (1 if is_locked else 2)
    assert OutgoingMail.objects.count() == 1  # its key holds, even then


def test_digest_that_nobody_could_make_at_seven_leaves_later(world):
    with time_machine.travel(MORNING - timedelta(hours=10)):
        tell(world.amina)
    assert notice_mails.mail_digests(now=MORNING + timedelta(hours=4)) == 1
    assert notice_mails.mail_digests(now=MORNING + timedelta(hours=5)) == 0


@pytest.mark.parametrize("name", ["former", "deactivated"])
def test_who_no_longer_works_here_receives_nothing(world, name):
    with time_machine.travel(datetime.now(PARIS) - timedelta(days=2)):
        tell(getattr(world, name), "ready")
        tell(getattr(world, name), "comment")
    now = datetime.now(PARIS)
    assert notice_mails.mail_at_once(now=now) + notice_mails.mail_digests(now=now) == 0


def test_old_news_are_not_mailed(world):
    with time_machine.travel(MORNING - timedelta(days=8)):
        tell(world.amina)
    assert notice_mails.mail_digests(now=MORNING) == 0


@pytest.mark.parametrize("wish", Delivery)
def test_each_kind_is_heard_as_wished(world, wish):
    notices.choose(person=world.amina, wishes={"ready": wish, "comment": Delivery.NONE})
    with time_machine.travel(MORNING - timedelta(hours=10)):
        tell(world.amina, "ready")
        tell(world.amina, "comment")
    assert notice_mails.mail_at_once(now=MORNING) == (wish == Delivery.AT_ONCE)
    assert notice_mails.mail_digests(now=MORNING) == (wish == Delivery.DAILY)


def test_silencing_a_kind_drops_what_waited_and_a_new_wish_sends_no_old_news(world):
    with time_machine.travel(MORNING - timedelta(hours=10)):
        tell(world.amina)
    assert notices.choose(person=world.amina, wishes={"comment": Delivery.NONE}) == {"comment": Delivery.DAILY}
    assert notices.choose(person=world.amina, wishes={"comment": Delivery.DAILY}) == {"comment": Delivery.NONE}
    assert notices.choose(person=world.amina, wishes={"comment": Delivery.DAILY}) == {}
    assert notice_mails.mail_digests(now=MORNING) == 0
    assert NoticePreference.objects.visible_to(world.amina).count() == 1


def test_long_digest_is_bounded(world):
    with time_machine.travel(MORNING - timedelta(hours=10)):
        for number in range(14):
            tell(world.amina, key=str(number))
    notice_mails.mail_digests(now=MORNING)
    (message,) = deliver()
    assert message.body.count("Nouvelle ") == notice_mails.MOST_PER_KIND
    assert "et 4 autres" in message.body


def test_digest_costs_the_same_per_person_whatever_it_holds(world, django_assert_num_queries):
    def queries(number):
        with time_machine.travel(MORNING - timedelta(hours=10) + timedelta(days=number)):
            for key in range(number):
                tell(world.amina, key=f"{number}-{key}")
        before = len(connection.queries_log)
        connection.force_debug_cursor = True
        notice_mails.mail_digests(now=MORNING + timedelta(days=number))
        connection.force_debug_cursor = False
        return len(connection.queries_log) - before

    assert queries(1) == queries(3)


@pytest.mark.parametrize(
    ("hour", "closing"),
    [(6, datetime(2026, 10, 24, 7, tzinfo=PARIS)), (7, datetime(2026, 10, 25, 7, tzinfo=PARIS))],
)
def test_digest_closes_at_seven_on_the_day_the_clocks_change(hour, closing):
    assert notice_mails.digest_closing(datetime(2026, 10, 25, hour, 30, tzinfo=PARIS)) == closing


# --- Leaving by a link ------------------------------------------------------------------------------------------------
def leave_url(person, name="ready"):
    return reverse("portal:unsubscribe", args=[unsubscribing.token(person, name)])


@pytest.fixture
def stranger():
    """A mail reader: no cookie, and Django's own CSRF check at work."""

    return Client(enforce_csrf_checks=True)


def wish(person, kind="ready"):
    return notices.wishes_of(person)[kind]


@pytest.mark.parametrize("format", ["form", "multipart"])
def test_one_click_leaves_without_cookie_or_sign_in(world, stranger, format):
    body = {"data": {"List-Unsubscribe": "One-Click"}}
    if format == "form":
        body = {"data": "List-Unsubscribe=One-Click", "content_type": "application/x-www-form-urlencoded"}
    assert stranger.post(leave_url(world.amina), **body).status_code == 200
    assert wish(world.amina) == Delivery.NONE
    assert wish(world.amina, "comment") == Delivery.DAILY
    assert wish(world.bruno) == Delivery.AT_ONCE


def test_only_the_one_click_body_passes_without_csrf_token(world, stranger):
    for data in ({}, {"List-Unsubscribe": "Two-Clicks"}, {"List-Unsubscribe": "One-Click", "more": "1"}):
        assert stranger.post(leave_url(world.amina), data).status_code == 403
    assert wish(world.amina) == Delivery.AT_ONCE


def test_leaving_the_digest_leaves_each_kind_that_it_held(world, stranger):
    notices.choose(person=world.amina, wishes={"club": Delivery.DAILY})
    stranger.post(leave_url(world.amina, unsubscribing.DIGEST), {"List-Unsubscribe": "One-Click"})
    assert notices.wishes_of(world.amina) == {
        "comment": Delivery.NONE,
        "ready": Delivery.AT_ONCE,
        "club": Delivery.NONE,
    }


def forged(world):
    good = unsubscribing.token(world.amina, "ready")
    return {
        "forged": good[:-1] + ("A" if good[-1] != "A" else "B"),
        "other person": good.replace(good.split(":")[0], signing.b64_encode(b'[1,"ready"]').decode() + "x"),
        "other salt": signing.dumps([world.amina.pk, "ready"], salt="password-reset"),
        "undo": unsubscribing.undo_token(world.amina, {"ready": Delivery.AT_ONCE}),
        "nobody": signing.dumps([10**9, "ready"], salt="circo.unsubscribing.leave"),
        "unknown kind": unsubscribing.token(world.amina, "nothing"),
        "text": "x",
    }


@pytest.mark.parametrize("name", ["forged", "other person", "other salt", "undo", "nobody", "unknown kind", "text"])
def test_a_token_that_is_not_ours_is_not_found(world, stranger, name):
    url = reverse("portal:unsubscribe", args=[forged(world)[name]])
    assert stranger.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 404
    assert stranger.get(url).status_code == 404
    assert wish(world.amina) == Delivery.AT_ONCE


def test_undo_token_lives_one_day_and_opens_nothing_else(world):
    signed = unsubscribing.undo_token(world.amina, {"ready": Delivery.AT_ONCE})
    assert unsubscribing.undo_of(signed).person == world.amina
    assert unsubscribing.undo_of(unsubscribing.token(world.amina, "ready")) is None
    with time_machine.travel(datetime.now(PARIS) + timedelta(hours=25)):
        assert unsubscribing.undo_of(signed) is None
