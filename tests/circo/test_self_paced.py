"""Hours at one's own pace: they count as the district says, up to its cap, also when two are credited at once."""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from circo.errors import Refusal
from circo.hours import actions, queries
from circo.hours.rules import Category, Mode, Move, State
from circo.models import Derogation, HourEntry, Posting, SelfPacedRules
from circo.rules import Role
from tests.circo.hours import credit, entry_of
from tests.circo.test_hours_pages import LIST, text
from tests.world import post

CAP = 360
MEET_WITHIN_S, CANARY_MEETS_WITHIN_S = 0.5, 20


@pytest.fixture
def capped(world):
    SelfPacedRules.objects.create(district=world.here.district, cap_minutes=CAP)
    return world


def paced(person, number: int = 1, minutes: int = 240, **said) -> HourEntry | None:
    return credit(person, minutes=minutes, mode=Mode.SELF_PACED, source=f"tests.path:{number}", **said)


def counted(person) -> list[int]:
    return list(HourEntry.objects.filter(person=person).order_by("pk").values_list("minutes", flat=True))


def test_without_rules_all_of_it_counts(world):
    assert paced(world.amina, minutes=30 * 60).minutes == 30 * 60


def test_what_is_beyond_the_cap_is_not_credited(capped):
    assert (paced(capped.amina).minutes, paced(capped.amina).announced_minutes) == (240, None)
    cut = paced(capped.amina, 2)
    assert (cut.minutes, cut.announced_minutes) == (120, 240)
    assert paced(capped.amina, 3) is None
    assert counted(capped.amina) == [240, 120]
    assert paced(capped.bruno).minutes == 240, "each has a cap of their own"
    assert credit(capped.amina).minutes == 180, "what is in person has none"


def test_a_cap_of_nothing_counts_nothing(world):
    SelfPacedRules.objects.create(district=world.here.district, cap_minutes=0)
    assert paced(world.amina) is None


def test_the_cap_is_that_of_the_district_of_the_day(capped):
    today = timezone.localdate()
    Posting.objects.filter(person=capped.amina).update(ends_on=today - timedelta(days=1))
    post(capped.amina, Role.TEACHER, capped.there.schools[0], starts_on=today)
    assert paced(capped.amina, minutes=600).minutes == 600, "there, nobody set any"
    assert paced(capped.amina, 2, on=today - timedelta(days=1)) is None, "and the account is one"


def test_what_is_corrected_or_taken_back_frees_the_cap(capped):
    paced(capped.amina, minutes=CAP)
    assert paced(capped.amina, 2) is None
    paced(capped.amina, minutes=180)
    assert paced(capped.amina, 2).minutes == 180
    actions.withdraw(person=capped.amina, source="tests.path:1", by=capped.amina)
    again = paced(capped.amina, 2)
    assert (again.minutes, again.announced_minutes) == (240, None)
    actions.move(ids=[again.pk], move=Move.REFUSE, by=capped.adviser, reason="Absente.")
    assert paced(capped.amina, 3, minutes=CAP).minutes == CAP


def test_what_somebody_signed_stays_whatever_the_cap(capped):
    signed = entry_of(
        capped.amina, capped.adviser, State.CONFIRMED, minutes=300, mode=Mode.SELF_PACED, source="tests.path:1"
    )
    SelfPacedRules.objects.update(cap_minutes=0)
    assert paced(capped.amina, minutes=300) == signed
    assert counted(capped.amina) == [300]


def test_refused_hours_come_back_only_within_the_cap(capped):
    refused = paced(capped.amina)
    actions.move(ids=[refused.pk], move=Move.REFUSE, by=capped.adviser, reason="Absente.")
    other = paced(capped.amina, 2, minutes=180)
    bruno = entry_of(capped.bruno, capped.adviser, State.REFUSED, mode=Mode.SELF_PACED, source="tests.path:1")
    with pytest.raises(Refusal, match="plafond"):
        actions.move(ids=[refused.pk], move=Move.RECONSIDER, by=capped.adviser)
    moved = actions.move(ids=[refused.pk, bruno.pk], move=Move.RECONSIDER, by=capped.adviser)
    assert (moved.ids, moved.left) == ([bruno.pk], 1)
    actions.withdraw(person=capped.amina, source=other.source, by=capped.amina)
    assert actions.move(ids=[refused.pk], move=Move.RECONSIDER, by=capped.adviser).ids == [refused.pk]


def test_two_refused_ones_do_not_pass_the_cap_together(capped):
    ids = [
        entry_of(
            capped.amina,
            capped.adviser,
            State.REFUSED,
            minutes=240,
            mode=Mode.SELF_PACED,
            source=f"tests.path:{n}",
        ).pk
        for n in (1, 2)
    ]
    assert actions.move(ids=ids, move=Move.RECONSIDER, by=capped.adviser).ids == ids[:1]


def test_the_district_says_as_what_they_count(world):
    SelfPacedRules.objects.create(district=world.here.district, category=Category.TRAINING_FORMATION)
    assert paced(world.amina, category=Category.TRAINING_ANIMATION).category == Category.TRAINING_FORMATION
    assert credit(world.amina).category == Category.TRAINING_ANIMATION


@pytest.mark.parametrize("cap", [10, 19 * 60])
def test_the_database_keeps_a_cap_in_bounds(world, cap):
    with pytest.raises(IntegrityError), transaction.atomic():
        SelfPacedRules.objects.create(district=world.here.district, cap_minutes=cap)


@pytest.mark.parametrize("wrong", [{"announced_minutes": 180}, {"announced_minutes": 240, "mode": Mode.IN_PERSON}])
def test_the_database_keeps_what_was_announced_above_what_counts(capped, wrong):
    entry = paced(capped.amina, minutes=180)
    with pytest.raises(IntegrityError), transaction.atomic():
        HourEntry.objects.filter(pk=entry.pk).update(**wrong)


def derogation(district, **fields) -> Derogation:
    today = timezone.localdate()
    fields = {"starts_on": today - timedelta(days=90), "ends_on": today + timedelta(days=90)} | fields
    return Derogation.objects.create(
        district=district, reference="2026-41", authority="recteur", allows="Les 18 heures à son rythme", **fields
    )


def test_a_derogation_of_elsewhere_is_not_ours(world):
    foreign = derogation(world.there.district)
    with pytest.raises(ValidationError, match="autre circonscription"):
        SelfPacedRules(district=world.here.district, derogation=foreign).full_clean()


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_my_hours_say_the_shares_the_cap_and_the_derogation(capped, sign_in):
    SelfPacedRules.objects.update(derogation=derogation(capped.here.district))
    paced(capped.amina, category=Category.TRAINING_FORMATION)
    client = sign_in(capped.amina)
    page = text(client.get(reverse("hours:mine")))
    assert "4 h sur 18 h, soit 22 % ; au moins 9 h" in page
    assert "4 h sur 18 h, soit 22 % ; au plus 6 h" in page
    assert "sous la dérogation 2026-41, recteur" in page
    assert "est atteint" not in page
    paced(capped.amina, 2)
    page = text(client.get(reverse("hours:mine")))
    assert "Le plafond des heures à distance, à son rythme, est atteint" in page
    assert "4 h annoncées : le plafond à son rythme n’en laisse compter que 2 h" in page


def test_a_declaration_meets_the_cap(capped, sign_in):
    data = {"label": "Parcours", "on": timezone.localdate().isoformat(), "minutes": "5h"}
    data |= {"category": Category.TRAINING_FORMATION, "mode": "SELF_PACED"}
    client, url = sign_in(capped.amina), reverse("hours:declare")
    client.post(url, data)
    assert "est atteint : 1 h comptent." in text(client.post(url, data, follow=True))
    refused = client.post(url, data)
    assert refused.status_code == 422
    assert "Le plafond des heures à distance" in text(refused)
    assert "Parcours" in text(refused), "what was typed is still there"


def test_the_team_reads_the_same_shares(capped, sign_in):
    paced(capped.amina)
    words = "4 h sur 18 h, soit 22 % ; au plus 6 h"
    for name in ("adviser", "inspector", "secretary"):
        client = sign_in(getattr(capped, name))
        assert words in text(client.get(LIST, {"par": "personne"}))
        assert words in text(client.get(reverse("hours:person_page", args=[capped.amina.pk])))
    assert words in text(sign_in(capped.amina).get(reverse("hours:mine")))


def test_the_queue_is_narrowed_to_self_paced_hours_and_signed_together(capped, sign_in):
    credit(capped.amina)
    paths = [paced(capped.amina), paced(capped.bruno)]
    actions.move(ids=[one.pk for one in paths], move=Move.CONFIRM, by=capped.adviser)
    client = sign_in(capped.inspector)
    page = client.get(LIST, {"etat": "CONFIRMED", "forme": "SELF_PACED", "par": "evenement"})
    assert [row.minutes for row in page.context["rows"]] == [480]
    assert "forme=SELF_PACED" in page.context["query"]
    client.post(reverse("hours:entry_move"), {"move": "validate", "entries": page.context["rows"][0].ids})
    assert HourEntry.objects.filter(state=State.VALIDATED).count() == 2
    assert len(client.get(LIST, {"etat": "", "forme": "?"}).context["rows"]) == 3


def test_a_derogation_that_ended_warns_the_inspector(capped, sign_in):
    today = timezone.localdate()
    one = derogation(capped.here.district, ends_on=today - timedelta(days=2))
    client = sign_in(capped.inspector)
    assert "a pris fin" not in text(client.get(LIST))
    SelfPacedRules.objects.update(derogation=one)
    paced(capped.amina, on=one.ends_on)
    assert "2026-41 » a pris fin" in text(client.get(LIST))
    assert "ligne attend" not in text(client.get(LIST)), "that one was done in time"
    paced(capped.bruno)
    assert "1 ligne attend une signature" in text(client.get(LIST))
    for name in ("adviser", "inspector_there"):
        assert "a pris fin" not in text(sign_in(getattr(capped, name)).get(LIST))


# --- Two at once ------------------------------------------------------------------------------------------------------
def credit_two_paths_together(world, monkeypatch, within_s: float) -> int:
    """Two paths end at the same moment: how many minutes count."""
    meeting, read = threading.Barrier(2), queries.self_paced_minutes

    def read_and_meet(*args, **kwargs):
        found = read(*args, **kwargs)
        with suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=within_s)
        return found

    def ask(number):
        try:
            paced(world.amina, number)
        finally:
            connection.close()

    monkeypatch.setattr(queries, "self_paced_minutes", read_and_meet)
    threads = [threading.Thread(target=ask, args=[number]) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counted(world.amina))


@pytest.mark.django_db(transaction=True)
def test_two_paths_that_end_at_once_keep_to_the_cap(capped, monkeypatch):
    assert credit_two_paths_together(capped, monkeypatch, MEET_WITHIN_S) == CAP


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_find_room(capped, monkeypatch):
    """The canary."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time: this race is PostgreSQL's")
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows.all())
    assert credit_two_paths_together(capped, monkeypatch, CANARY_MEETS_WITHIN_S) == 480
