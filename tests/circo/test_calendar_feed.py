"""The feed of other calendars: what it says, to whom, and that it is iCalendar to the letter."""

from __future__ import annotations

import io
import logging
import re
from dataclasses import replace
from datetime import date
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from circo.access import Reach
from circo.calendar import actions, addresses, feed, views
from circo.errors import Refusal
from circo.logs import NoSecretLink
from circo.models import CalendarFeed, Person, Posting
from tests.circo.calendar_things import open_feed_of
from tests.circo.events import at, event

pytestmark = pytest.mark.usefixtures("november")
HOSTILE = 'Réunion\r\nBEGIN:VEVENT\nUID:x;y,z\\n "ici" 🎒 \x00\x07\u2028' + "é" * 90 + "\ud800"


@pytest.fixture
def address(world) -> str:
    return reverse("calendar:feed", args=[open_feed_of(world.amina)])


def parsed(body: bytes) -> list:
    return list(Calendar.from_ical(body).walk("VEVENT"))


def unfolded(body: bytes) -> list[tuple[str, str]]:
    """Read iCalendar by the words of RFC 5545 alone, and fail on what it forbids: lines, folds, escapes."""
    assert body.endswith(b"\r\n")
    assert b"\r" not in body.replace(b"\r\n", b"")
    assert b"\n" not in body.replace(b"\r\n", b"")
    lines = body[:-2].split(b"\r\n")
    assert all(len(line) <= 75 for line in lines), max(lines, key=len)
    for line in lines:
        line.decode()  # no character is cut by a fold
    said = []
    for line in body.decode().replace("\r\n ", "")[:-2].split("\r\n"):
        name, _, value = re.fullmatch(r'([A-Z-]+)((?:;[A-Z-]+=(?:"[^"]*"|[^";:,]*))*):(.*)', line, re.DOTALL).groups()
        assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value), line
        if name in ("SUMMARY", "LOCATION", "DESCRIPTION"):
            assert re.fullmatch(r"(?:[^\\;,]|\\[\\;,nN])*", value), line
            value = re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)
        said.append((name, value))
    return said


def value(body: bytes, name: str) -> str:
    return next(value for each, value in unfolded(body) if each == name)


# --- What a subscriber sees ----------------------------------------------------------------------------------------
def test_a_change_and_an_end_reach_whoever_subscribes(events, address, client):
    events.append(event())
    first = client.get(address)
    assert first.status_code == 200
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    (before,) = parsed(first.content)

    events[0] = replace(events[0], starts_at=at(27, 17), ends_at=at(27, 18), sequence=1, updated_at=at(23, 8))
    second = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    (moved,) = parsed(second.content)
    assert moved["UID"] == before["UID"]
    assert (before["SEQUENCE"], moved["SEQUENCE"]) == (0, 1)
    assert moved["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt
    assert moved["DTSTART"].dt == at(27, 17)

    events[0] = replace(events[0], cancelled=True, sequence=2, updated_at=at(23, 9))
    (called_off,) = parsed(client.get(address, headers={"If-None-Match": second.headers["ETag"]}).content)
    assert (called_off["STATUS"], called_off["SEQUENCE"]) == ("CANCELLED", 2)
    assert called_off["UID"] == before["UID"]


def test_what_a_feed_says(events, address, client):
    events.append(event(description="Apportez vos albums."))
    body = client.get(address).content
    calendar = Calendar.from_ical(body)
    assert str(calendar["METHOD"]) == "PUBLISH"
    assert str(calendar["X-WR-CALNAME"]) == "Les partages, mon agenda"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in body
    assert calendar.get_missing_tzids() == set()
    (found,) = parsed(body)
    assert str(found["UID"]).startswith("networks.meeting:1@")
    assert found["DTSTART"].params["TZID"] == "Europe/Paris"
    assert str(found["SUMMARY"]) == "Rencontre du groupe Lire en GS"
    assert str(found["LOCATION"]) == "École 1, Commune 1"
    assert str(found["DESCRIPTION"]).startswith("Apportez vos albums.\n\nhttp")
    assert str(found["URL"]).endswith("/groupes/1/")
    assert found["STATUS"] == "CONFIRMED"


def test_a_whole_day_is_given_without_hours(events, address, client):
    events.append(event(all_day=True, starts_at=at(26), ends_at=at(27)))
    (found,) = parsed(client.get(address).content)
    assert (found["DTSTART"].dt, found["DTEND"].dt) == (date(2026, 11, 26), date(2026, 11, 28))


def test_what_is_old_leaves_and_what_was_called_off_stays_some_weeks(events, address, client):
    ends = {"recent": at(20, month=10), "old": at(20, month=9), "past": at(20, month=3)}
    for uid, ends_at in ends.items():
        events.append(event(uid=uid, starts_at=ends_at, ends_at=ends_at, cancelled=uid != "past"))
    assert [str(each["UID"]).partition("@")[0] for each in parsed(client.get(address).content)] == ["recent"]
    assert events.asked[0][1] == date(2026, 5, 27)


def test_an_empty_agenda_is_a_calendar_all_the_same(events, address, client):
    body = client.get(address).content
    assert parsed(body) == []
    assert value(body, "VERSION") == "2.0"


def test_not_modified_since_the_last_change_or_midnight(events, address, client):
    events.append(event(updated_at=at(23, 8)))
    said = client.get(address).headers["Last-Modified"]
    assert said == "Mon, 23 Nov 2026 07:00:00 GMT"
    assert client.get(address, headers={"If-Modified-Since": said}).status_code == 304
    events[0] = replace(events[0], updated_at=at(23, 8, 30))
    assert client.get(address, headers={"If-Modified-Since": said}).status_code == 200
    events.clear()
    assert client.get(address).headers["Last-Modified"] == "Sun, 22 Nov 2026 23:00:00 GMT"


@pytest.mark.parametrize("count", [1, 3])
def test_a_feed_costs_as_many_queries_however_much_is_on_it(world, events, count, django_assert_num_queries):
    events += [event(uid=str(number)) for number in range(count)]
    secret = open_feed_of(world.amina)
    with django_assert_num_queries(2):  # the address, one's places; and what the apps ask
        feed.feed_of(addresses.reader_of(secret), at(23, 9))


# --- To the letter -------------------------------------------------------------------------------------------------
def test_hostile_words_stay_words(events, address, client):
    events.append(event(title=HOSTILE, place=HOSTILE, description=HOSTILE, uid="a\r\nUID:b"))
    body = client.get(address).content
    said = unfolded(body)
    clean = 'Réunion\nBEGIN:VEVENT\nUID:x;y,z\\n "ici" 🎒 \n' + "é" * 90
    assert [text for name, text in said if name == "SUMMARY"] == [clean]
    assert [name for name, _ in said].count("UID") == 1
    assert said.count(("BEGIN", "VEVENT")) == 1
    (found,) = parsed(body)
    assert str(found["SUMMARY"]) == str(found["LOCATION"]) == clean
    assert str(found["DESCRIPTION"]).startswith(clean)


@given(st.text(max_size=300), st.text(max_size=100))
def test_any_words_come_back_from_two_readers(title, place):
    body = feed._written([event(title=title, place=place)], "PUBLISH")
    said = unfolded(body)
    (found,) = parsed(body)
    assert str(found["SUMMARY"]) == feed._text(title)
    assert next(text for name, text in said if name == "SUMMARY") == feed._text(title)


@given(st.datetimes(at(1, year=2020).replace(tzinfo=None), at(1, year=2037).replace(tzinfo=None)))
def test_the_zone_that_we_write_is_that_of_paris(local):
    zone = next(iter(Calendar.from_ical(feed._written([], "PUBLISH")).walk("VTIMEZONE"))).to_tz(lookup_tzid=False)
    there = local.replace(tzinfo=ZoneInfo("Europe/Paris"))
    if there.fold == 0 and there.astimezone(ZoneInfo("UTC")).astimezone(ZoneInfo("Europe/Paris")) == there:
        assert local.replace(tzinfo=zone).utcoffset() == there.utcoffset()


# --- One event -----------------------------------------------------------------------------------------------------
def test_an_invitation_and_its_end(world):
    asked = feed.invitation(event(), method="REQUEST", attendee=world.amina)
    (found,) = parsed(asked)
    assert value(asked, "METHOD") == "REQUEST"
    assert found["ATTENDEE"] == "mailto:amina@ecole.test"
    assert found["ORGANIZER"].params["CN"] == "Les partages"
    ended = feed.invitation(event(cancelled=True, sequence=3), method="CANCEL", attendee=world.amina)
    (gone,) = parsed(ended)
    assert value(ended, "METHOD") == "CANCEL"
    assert (gone["STATUS"], gone["UID"], gone["SEQUENCE"]) == ("CANCELLED", found["UID"], 3)
    assert gone["ATTENDEE"] == found["ATTENDEE"]


def test_an_invitation_to_nobody_by_name_and_a_name_with_quotes(world):
    assert "ATTENDEE" not in parsed(feed.invitation(event(), method="REQUEST"))[0]
    Person.objects.filter(pk=world.amina.pk).update(last_name='Petit"; x:\n"')
    world.amina.refresh_from_db()
    body = feed.invitation(event(), method="REQUEST", attendee=world.amina)
    unfolded(body)
    assert parsed(body)[0]["ATTENDEE"] == "mailto:amina@ecole.test"


@pytest.mark.parametrize(("cancelled", "method"), [(True, "REQUEST"), (False, "CANCEL")])
def test_nobody_is_invited_to_what_is_called_off(cancelled, method):
    with pytest.raises(ValueError, match=method):
        feed.invitation(event(cancelled=cancelled), method=method)


# --- Whose it is ---------------------------------------------------------------------------------------------------
def test_the_address_is_all_that_it_takes_and_holds_for_one_person(world, events, address):
    assert Client().get(address).status_code == 200
    assert events.asked[0][0] == world.amina
    for wrong in ("x", "x" * 43, "%00"):
        assert Client().get(reverse("calendar:feed", args=["S"]).replace("S", wrong)).status_code == 404


def test_it_is_made_renewed_closed_and_opened_again(world, sign_in):
    client, page = sign_in(world.amina), reverse("calendar:feed_page")
    assert "Créer mon adresse" in client.get(page).content.decode()

    def shown() -> str:
        return re.search(r'value="http[^"]*(/agenda/abonnement/[^"]+)"', unescape(client.get(page).content.decode()))[1]

    client.post(reverse("calendar:feed_open"))
    first = shown()
    assert Client().get(first).status_code == 200
    assert first.removesuffix(".ics").rpartition("/")[2] not in repr(CalendarFeed.objects.values().get())

    client.post(reverse("calendar:feed_open"))
    second = shown()
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200

    client.post(reverse("calendar:feed_close"))
    assert Client().get(second).status_code == 404
    assert "Votre adresse est retirée." in client.get(page).content.decode()

    client.post(reverse("calendar:feed_reopen"))
    assert shown() == second
    assert Client().get(second).status_code == 200


def test_nobody_makes_or_closes_the_address_of_another(world, sign_in, address):
    sign_in(world.bruno).post(reverse("calendar:feed_close"))
    sign_in(world.bruno).post(reverse("calendar:feed_open"))
    assert Client().get(address).status_code == 200


def test_the_agenda_of_a_closed_account_or_without_a_role_dies(world, address):
    Person.objects.filter(pk=world.amina.pk).update(is_active=False)
    assert Client().get(address).status_code == 404
    Person.objects.filter(pk=world.amina.pk).update(is_active=True)
    assert Client().get(address).status_code == 200
    Posting.objects.filter(person=world.amina).update(ends_on=date(2026, 11, 22))
    assert Client().get(address).status_code == 404


def test_canary_without_the_rule_a_closed_account_would_be_read(world, address, monkeypatch):
    Person.objects.filter(pk=world.amina.pk).update(is_active=False)
    monkeypatch.setattr(Reach, "can", lambda self, permission: True)
    assert Client().get(address).status_code == 200


def test_somebody_without_a_role_is_given_none(world):
    with pytest.raises(Refusal, match="pas de fonction"):
        actions.open_feed(by=world.former)


def test_another_key_of_the_server_keeps_the_address_and_shows_it_no_more(world, sign_in, address, settings):
    client = sign_in(world.amina)
    settings.SECRET_KEY = "another key of the server, long enough"
    assert Client().get(address).status_code == 200
    client.force_login(world.amina)
    html = unescape(client.get(reverse("calendar:feed_page")).content.decode())
    assert "Votre adresse ne peut plus être montrée." in html
    assert address not in html


def test_the_page_of_an_address_is_kept_by_no_browser(world, sign_in, address):
    assert "no-store" in sign_in(world.amina).get(reverse("calendar:feed_page")).headers["Cache-Control"]


# --- Limits and logs -----------------------------------------------------------------------------------------------
def test_guesses_are_counted_and_each_agenda_by_itself(world, events, address, monkeypatch):
    monkeypatch.setattr(views, "RATE", {"calendar_feed": "3/h/key", "calendar_guess": "2/m/ip"})
    other = reverse("calendar:feed", args=[open_feed_of(world.bruno)])
    guesses = [Client().get(reverse("calendar:feed", args=[f"guess{number}"])).status_code for number in range(3)]
    assert guesses == [404, 404, 429]
    assert [Client().get(address).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert Client().get(other).status_code == 200


@pytest.fixture
def said():
    """What the platform's own log writes."""
    handler = next(h for h in logging.getLogger().handlers if any(isinstance(f, NoSecretLink) for f in h.filters))
    stream = io.StringIO()
    before = handler.setStream(stream)
    yield stream.getvalue
    handler.setStream(before)


def test_no_log_holds_the_secret(world, address, said):
    actions.close_feed(by=world.amina)
    Client().get(address)
    assert "/agenda/abonnement/…" in said()
    assert address.rpartition("/")[2].removesuffix(".ics") not in said()


def test_canary_the_log_would_hold_the_secret(world, address, said, monkeypatch):
    monkeypatch.setattr(NoSecretLink, "filter", lambda self, record: True)
    actions.close_feed(by=world.amina)
    Client().get(address)
    assert address in said()
