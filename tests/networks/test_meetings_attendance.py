"""Who came: excused before, signed during, listed or declared after; and the hours, once the meeting is held."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from circo import scanning
from circo.errors import Refusal
from circo.hours import actions as hours_actions
from circo.models import HourEntry
from circo.registries import todos_of
from networks.meetings import actions, attending, holdings, keeping
from networks.meetings.actions import Noted
from networks.meetings.rules import MeetingState, Presence, Way
from networks.models import Attendance, Meeting, MeetingDocument
from tests.networks.meetings import NOW, at, begun, planned, presence_of
from tests.videos.sheets import PDF, sent

PRESENT, ABSENT, EXCUSED = Presence.PRESENT, Presence.ABSENT, Presence.EXCUSED


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW.replace(tzinfo=timezone.get_default_timezone()) + timedelta(days=1, hours=9)) as held:
        yield held


@pytest.fixture
def meeting(world):
    return begun(world.here.group, world.amina)


def url(name, meeting, *args):
    return reverse(f"networks:{name}", args=[meeting.pk, *args])


def hours_of(person):
    return list(HourEntry.objects.filter(person=person).values_list("minutes", flat=True))


def record(meeting, by, *noted):
    actions.record(meeting=meeting, noted=[Noted(*one) for one in noted], by=by)


# --- The code on the screen -------------------------------------------------------------------------------------------
def scan(client, meeting, code=None):
    return client.get(url("attendance_scan", meeting, code or attending.scanned(meeting).code_at(timezone.now())))


def ticket_in(answer):
    return answer.content.decode().split('name="ticket" value="')[1].split('"')[0]


def test_whoever_scans_the_screen_signs(world, meeting, sign_in):
    screen = sign_in(world.amina).get(url("attendance_screen", meeting)).content.decode()
    assert "<svg" in screen
    client = sign_in(world.bruno)
    answer = scan(client, meeting)
    assert not Attendance.objects.exists(), "to read is not to write"
    signed = client.post(url("attendance_sign", meeting), {"ticket": ticket_in(answer)})
    assert "Votre présence est notée" in client.get(signed.headers["Location"].partition("#")[0]).content.decode()
    held = presence_of(meeting, world.bruno)
    assert (held.presence, held.way, held.counts) == (PRESENT, Way.SCAN, True)
    client.post(url("attendance_sign", meeting), {"ticket": ticket_in(answer)})
    assert Attendance.objects.count() == 1
    assert hours_of(world.bruno) == [], "not before the meeting is held"


def test_a_code_leaves_the_screen(world, meeting, sign_in, clock):
    client, code = sign_in(world.bruno), attending.scanned(meeting).code_at(timezone.now())
    clock.shift(scanning.TURNS_S * scanning.KEPT_TURNS)
    answer = scan(client, meeting, code)
    assert answer.status_code == 422
    assert "n’est plus à l’écran" in answer.content.decode()


def test_a_ticket_is_one_s_own_and_does_not_last(world, meeting, sign_in, clock):
    ticket = ticket_in(scan(sign_in(world.bruno), meeting))
    answer = sign_in(world.amina).post(url("attendance_sign", meeting), {"ticket": ticket})
    assert "n’est pas celui de cette rencontre" in answer.content.decode()
    other = begun(world.here.group, world.amina)
    with pytest.raises(Refusal, match="n’est pas celui"):
        actions.sign(meeting=other, ticket=ticket, by=world.bruno)
    clock.shift(scanning.TICKET_S + 1)
    answer = sign_in(world.bruno).post(url("attendance_sign", meeting), {"ticket": ticket})
    assert "n’est plus à l’écran" in answer.content.decode()
    assert not Attendance.objects.exists()


@pytest.mark.parametrize("name", ["chloe", "denis", "inspector"])
def test_who_is_not_of_the_group_reads_why(world, meeting, sign_in, name):
    answer = scan(sign_in(world.people[name]), meeting)
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "ne mène à aucune rencontre de vos groupes" in page
    assert meeting.title not in page
    assert sign_in(world.people[name]).post(url("attendance_sign", meeting), {"ticket": "x"}).status_code == 404
    with pytest.raises(Refusal, match="dont vous n’êtes pas membre"):
        actions.sign(meeting=meeting, ticket="x", by=world.people[name])


FORGED = ["", "x", "zz-zz", "1-abc", "-" * 50, "9" * 40 + "-a", "²-a"]


@pytest.mark.parametrize("code", FORGED[1:])
def test_nobody_writes_a_code(world, meeting, sign_in, code):
    answer = scan(sign_in(world.bruno), meeting, code)
    assert answer.status_code == 422
    assert "n’est pas celui de cette rencontre" in answer.content.decode()


def forged(meeting):
    turn = int(timezone.now().timestamp()) // scanning.TURNS_S
    return f"{turn:x}-{'0' * scanning.LENGTH}"


def test_a_forged_signature_is_refused(meeting):
    with pytest.raises(Refusal, match="n’est pas celui"):
        attending.scanned(meeting).check_code(forged(meeting), timezone.now())
    other = begun(meeting.group, meeting.organiser)
    with pytest.raises(Refusal, match="n’est pas celui"):
        attending.scanned(other).check_code(attending.scanned(meeting).code_at(timezone.now()), timezone.now())


def test_without_its_signature_anybody_writes_the_code(meeting, monkeypatch):
    """The canary: what refuses a forged code is its signature alone."""
    monkeypatch.setattr(scanning.Scanned, "is_signed", lambda *_: True)
    attending.scanned(meeting).check_code(forged(meeting), timezone.now())


def test_one_signs_during_the_meeting_alone(world, meeting, clock):
    ticket = attending.scanned(meeting).ticket_for(world.bruno)
    Meeting.objects.update(starts_at=timezone.now() + timedelta(hours=2), ends_at=timezone.now() + timedelta(hours=3))
    with pytest.raises(Refusal, match="pendant la rencontre"):
        actions.sign(meeting=meeting, ticket=ticket, by=world.bruno)


# --- By list, by one's own word ---------------------------------------------------------------------------------------
def test_the_list_says_who_came_and_for_how_long(world, meeting, sign_in):
    client = sign_in(world.amina)
    page = client.get(url("attendance_list", meeting)).content.decode()
    assert "Bruno Petit" in page
    said = {f"presence_{world.bruno.pk}": "PRESENT", f"minutes_{world.bruno.pk}": "60"}
    said |= {f"presence_{world.amina.pk}": "PRESENT"}
    assert client.post(url("attendance_record", meeting), said).status_code == 302
    actions.close(meeting=meeting, by=world.amina)
    assert hours_of(world.bruno) == [60]
    assert hours_of(world.amina) == [120]
    entry = HourEntry.objects.get(person=world.bruno)
    assert (entry.source, entry.label) == (f"networks.meeting:{meeting.pk}", "Rencontre\u00a0: Lire en GS")


def test_a_list_with_an_error_keeps_what_was_typed(world, meeting, sign_in):
    said = {f"presence_{world.bruno.pk}": "PRESENT", f"minutes_{world.bruno.pk}": "beaucoup"}
    answer = sign_in(world.amina).post(url("attendance_record", meeting), said)
    assert answer.status_code == 422
    assert "Écrivez un nombre de minutes" in answer.content.decode()
    assert "beaucoup" in answer.content.decode()
    with pytest.raises(Refusal, match="pas membre de ce groupe"):
        record(meeting, world.amina, (world.chloe, PRESENT))
    with pytest.raises(Refusal, match="Seules les personnes qui organisent"):
        record(meeting, world.bruno, (world.bruno, PRESENT))
    assert not Attendance.objects.exists()


def test_one_s_own_word_waits_for_somebody_else(world, meeting, sign_in):
    sign_in(world.bruno).post(url("attendance_declare", meeting))
    actions.close(meeting=meeting, by=world.amina)
    assert hours_of(world.bruno) == []
    assert any(todo.title == "Confirmer des présences" for todo in todos_of(world.amina))
    assert "dit y avoir été" in sign_in(world.amina).get(url("meeting_page", meeting)).content.decode()
    sign_in(world.amina).post(url("attendance_confirm", meeting, world.bruno.pk))
    assert hours_of(world.bruno) == [120]
    sign_in(world.amina).post(url("attendance_declare", meeting))
    with pytest.raises(Refusal, match="Quelqu’un d’autre"):
        actions.confirm(meeting=meeting, person=world.amina, by=world.amina)
    assert hours_of(world.amina) == []


def test_nothing_is_known_before_it_begins(world):
    meeting = planned(world.here.group, world.amina)
    for act in (
        lambda: actions.declare(meeting=meeting, by=world.bruno),
        lambda: record(meeting, world.amina, (world.bruno, PRESENT)),
        lambda: actions.close(meeting=meeting, by=world.amina),
    ):
        with pytest.raises(Refusal, match="pas encore commencé"):
            act()


def test_one_says_that_one_will_not_come_and_changes_one_s_mind(world, sign_in):
    meeting = planned(world.here.group, world.amina)
    client = sign_in(world.bruno)
    client.post(url("attendance_excuse", meeting), {"excused": "1"})
    assert presence_of(meeting, world.bruno).presence == EXCUSED
    assert "Finalement, je viens" in client.get(url("meeting_page", meeting)).content.decode()
    client.post(url("attendance_excuse", meeting), {"excused": "0"})
    assert presence_of(meeting, world.bruno) is None


# --- The hours --------------------------------------------------------------------------------------------------------
def test_hours_follow_the_presence_once(world, meeting):
    record(meeting, world.amina, (world.bruno, PRESENT))
    assert hours_of(world.bruno) == []
    for _ in range(2):
        actions.close(meeting=meeting, by=world.amina)
    assert hours_of(world.bruno) == [120]
    record(meeting, world.amina, (world.bruno, PRESENT, 45))
    assert hours_of(world.bruno) == [45]
    record(meeting, world.amina, (world.bruno, ABSENT))
    assert hours_of(world.bruno) == []
    record(meeting, world.amina, (world.bruno, PRESENT))
    actions.reopen(meeting=meeting, by=world.amina)
    assert hours_of(world.bruno) == []
    actions.close(meeting=meeting, by=world.amina)
    assert hours_of(world.bruno) == [120]
    actions.cancel(meeting=meeting, by=world.amina)
    assert hours_of(world.bruno) == []


def test_confirmed_hours_are_not_taken_back_by_a_member(world, meeting):
    record(meeting, world.amina, (world.bruno, PRESENT))
    actions.close(meeting=meeting, by=world.amina)
    now = timezone.now()
    HourEntry.objects.update(state="CONFIRMED", confirmed_by=world.adviser, confirmed_at=now)
    for act in (
        lambda: actions.cancel(meeting=meeting, by=world.amina),
        lambda: actions.reopen(meeting=meeting, by=world.amina),
        lambda: record(meeting, world.amina, (world.bruno, ABSENT)),
    ):
        with pytest.raises(Refusal, match="déjà confirmées"):
            act()
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.HELD
    assert presence_of(meeting, world.bruno).presence == PRESENT
    actions.cancel(meeting=meeting, by=world.adviser)
    assert hours_of(world.bruno) == []


def test_what_does_not_count_gives_no_hours(world):
    meeting = begun(world.here.group, world.amina, counting="NOT")
    record(meeting, world.amina, (world.bruno, PRESENT))
    actions.close(meeting=meeting, by=world.amina)
    assert hours_of(world.bruno) == []


def test_a_link_alone_is_at_a_distance(world):
    meeting = begun(world.here.group, world.amina, where="", link="https://visio.test")
    record(meeting, world.amina, (world.bruno, PRESENT))
    actions.close(meeting=meeting, by=world.amina)
    assert HourEntry.objects.get().mode == "SYNCHRONOUS"


def test_without_the_state_of_the_meeting_hours_would_come_too_soon(world, meeting, monkeypatch):
    """The canary: what holds the hours back is that the meeting is not held."""
    said = []
    monkeypatch.setattr(hours_actions, "credit", lambda **fields: said.append(fields))
    record(meeting, world.amina, (world.bruno, PRESENT))
    assert not said
    Meeting.objects.update(state=MeetingState.HELD)
    record(meeting, world.amina, (world.bruno, PRESENT, 45))
    assert len(said) == 1


# --- Papers -----------------------------------------------------------------------------------------------------------
def test_the_sheet_to_sign_is_a_pdf(world, meeting, sign_in):
    answer = sign_in(world.amina).get(url("sign_in_sheet", meeting))
    assert answer.content.startswith(b"%PDF-")
    assert "emargement" in answer.headers["Content-Disposition"]


def test_minutes_are_written_over_what_was_read(world, meeting, sign_in):
    client = sign_in(world.amina)
    assert "Compte rendu" in client.get(url("minutes_edit", meeting)).content.decode()
    client.post(url("minutes_save", meeting), {"text": "**Décidé** : lire", "revision": 0})
    assert "<strong>Décidé</strong>" in client.get(url("meeting_page", meeting)).content.decode()
    answer = sign_in(world.bruno).post(url("minutes_save", meeting), {"text": "Le mien", "revision": 0})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "pendant que vous l’écriviez" in page
    assert "Le mien" in page
    assert 'value="1"' in page
    sign_in(world.bruno).post(url("minutes_save", meeting), {"text": "Les deux", "revision": 1})
    meeting.refresh_from_db()
    assert (meeting.minutes, meeting.minutes_revision) == ("Les deux", 2)
    long = sign_in(world.bruno).post(url("minutes_save", meeting), {"text": "a" * 20_001, "revision": 2})
    assert long.status_code == 422


def test_a_document_is_attached_given_removed_and_put_back(world, meeting, sign_in):
    client = sign_in(world.bruno)
    assert client.post(url("meeting_attach", meeting), {"file": sent(PDF, "grille.pdf")}).status_code == 302
    document = MeetingDocument.objects.get()
    given = client.get(url("meeting_document", meeting, document.pk))
    assert given.headers["Content-Disposition"] == 'attachment; filename="grille.pdf"'
    assert "grille.pdf" in client.get(reverse("networks:group_page", args=[meeting.group_id])).content.decode()
    assert "grille.pdf" not in sign_in(world.inspector).get(url("meeting_page", meeting)).content.decode()
    assert sign_in(world.chloe).get(url("meeting_document", meeting, document.pk)).status_code == 404
    client = sign_in(world.bruno)
    removed = client.post(url("meeting_document_remove", meeting, document.pk))
    assert "Document retiré." in client.get(removed.headers["Location"].partition("#")[0]).content.decode()
    assert client.get(url("meeting_document", meeting, document.pk)).status_code == 404
    client.post(url("meeting_document_restore", meeting, document.pk))
    assert client.get(url("meeting_document", meeting, document.pk)).status_code == 200
    page = client.post(url("meeting_attach", meeting), {"file": sent(b"<html>", "x.png")}).content.decode()
    assert "Joignez un PDF" in page


def test_a_removed_document_goes_some_days_later(world, meeting, clock):
    document = actions.attach(meeting=meeting, file=sent(PDF), by=world.bruno)
    key = keeping.key_of(document)
    actions.remove_document(document=document, by=world.bruno)
    keeping.clean()
    assert default_storage.exists(key)
    clock.shift(timedelta(days=3))
    keeping.clean()
    assert not default_storage.exists(key)
    assert not MeetingDocument.objects.exists()


def test_an_erased_person_leaves_the_meetings_of_the_group(world, meeting, django_capture_on_commit_callbacks):
    document = actions.attach(meeting=meeting, file=sent(PDF), by=world.amina)
    with django_capture_on_commit_callbacks(execute=True):
        holdings.erase(world.amina)
    meeting.refresh_from_db()
    assert meeting.organiser is None
    assert not default_storage.exists(keeping.key_of(document))


def test_the_day_after_one_is_asked_who_came(world, meeting):
    Meeting.objects.update(starts_at=at(timezone.localdate() - timedelta(days=1)).starts_at)
    Meeting.objects.update(ends_at=at(timezone.localdate() - timedelta(days=1)).ends_at)
    assert [todo.title for todo in todos_of(world.amina) if todo.title.startswith("Dire")] == ["Dire qui est venu"]


def test_the_list_notes_present_all_those_it_knows_nothing_of(world, meeting, sign_in):
    record(meeting, world.amina, (world.bruno, EXCUSED))
    answer = sign_in(world.amina).post(
        url("attendance_record", meeting), {f"presence_{world.bruno.pk}": EXCUSED, "others": "on"}
    )
    assert answer.status_code == 302
    assert presence_of(meeting, world.bruno).presence == EXCUSED
    assert presence_of(meeting, world.amina).presence == PRESENT
