"""What one types is kept until it is sent: its owner alone, whatever the reach; in pages, admin, search, exports."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.urls import resolve, reverse
from django.utils import timezone

from circo import registries
from circo.access import Visitor
from circo.drafts import actions, forms, purging, rules, tickets
from circo.models import FormDraft, HourEntry
from circo.personal import actions as personal
from tests.circo.drafts import TICKETS, begin, keep, ticket_in, ticket_of
from tests.house.routes import make_things, routes, url_of

FORMS = re.compile(r'<form[^>]* action="([^"]*)"[^>]*>(.*?)</form>', re.S)
SECRET = "Zèbrebrouillon"  # with a letter that JSON would spell otherwise
DECLARE = reverse("hours:declare_new")
PLACE = "hours/declared"


def text(response) -> str:
    return response.content.decode().replace("\u00a0", " ")


def typed(**changes) -> dict:
    day = timezone.localdate().isoformat()
    return {"label": SECRET, "on": day, "minutes": "", "category": "TRAINING_FORMATION", "mode": "SELF_PACED"} | changes


# --- Its owner --------------------------------------------------------------------------------------------------------
def test_what_is_typed_is_kept_comes_back_and_goes_once_it_is_sent(world, sign_in):
    client = sign_in(world.amina)
    opened = client.get(DECLARE)
    assert "Nous avons repris" not in text(opened)
    assert "Brouillon gardé à" in text(keep(client, opened, typed()))
    again = client.get(DECLARE)
    assert "Nous avons repris votre brouillon" in text(again)
    assert "a changé depuis" not in text(again)
    assert f'value="{SECRET}"' in text(again)
    keep(client, again, typed(label="Autre chose"))
    assert FormDraft.objects.get().values["label"] == ["Autre chose"], "the last words are kept"
    wrong = client.post(reverse("hours:declare"), typed(label="Autre chose") | ticket_in(again))
    assert wrong.status_code == 422
    assert FormDraft.objects.exists(), "it is not sent"
    client.post(reverse("hours:declare"), typed(minutes="1 h") | ticket_in(wrong))
    assert HourEntry.objects.get().label == SECRET
    assert not FormDraft.objects.exists()


def test_each_kind_of_field_comes_back_as_it_was(world, sign_in):
    client = sign_in(world.amina)
    keep(client, client.get(DECLARE), typed(on="2026-01-0", minutes="deux heures"))
    seen = text(client.get(DECLARE))
    assert 'value="2026-01-0"' in seen
    assert 'value="deux heures"' in seen
    (chosen,) = [line for line in seen.split("<input") if 'name="mode"' in line and "checked" in line]
    assert 'value="SELF_PACED"' in chosen


def test_a_form_refused_is_kept_without_a_script(world, sign_in):
    client = sign_in(world.amina)
    client.post(reverse("hours:declare"), typed())
    assert f'value="{SECRET}"' in text(client.get(DECLARE))


def test_nothing_written_keeps_nothing(world, sign_in):
    client = sign_in(world.amina)
    opened = client.get(DECLARE)
    keep(client, opened, typed())
    assert keep(client, opened, typed(label="  ", on="", minutes="")).content == b""
    assert not FormDraft.objects.exists()


def test_one_starts_afresh_and_takes_it_up_again(world, sign_in):
    client = sign_in(world.amina)
    keep(client, client.get(DECLARE), typed())
    token = ticket_in(client.get(DECLARE))["brouillon"]
    afresh = text(client.post(reverse("drafts:draft_set_aside", args=[token]), follow=True))
    assert "mis de côté" in afresh
    assert SECRET not in afresh
    again = text(client.post(reverse("drafts:draft_take_up", args=[token]), follow=True))
    assert SECRET in again
    client.post(reverse("drafts:draft_set_aside", args=[token]))
    keep(client, client.get(DECLARE), typed(label="Du neuf"))
    assert "mis de côté" not in text(client.get(DECLARE))


def test_too_much_is_said_and_the_oldest_goes(world, sign_in):
    client = sign_in(world.amina)
    opened = client.get(DECLARE)
    refused = keep(client, opened, typed(label="é" * (rules.DRAFT_MAX + 1)))
    assert (refused.status_code, text(refused)) == (422, rules.TOO_LONG)
    begin(world.bruno, "p:0", text="De Bruno")
    for number in range(rules.DRAFTS_OF_ONE_MAX + 1):
        begin(world.amina, f"p:{number}", text="mot")
    mine = FormDraft.objects.visible_to(world.amina)
    assert mine.count() == rules.DRAFTS_OF_ONE_MAX
    assert not mine.filter(place="p:0").exists()
    assert FormDraft.objects.visible_to(world.bruno).exists()


def test_neither_a_file_nor_a_key_nor_what_the_page_did_not_name_is_kept(world, sign_in):
    client = sign_in(world.amina)
    keep(client, client.get(DECLARE), typed(csrfmiddlewaretoken="k", password="p", brouillon="b", other="o"))
    assert set(FormDraft.objects.get().values) == {"label", "on", "minutes", "category", "mode"}


def test_a_page_left_open_too_long_or_forged_keeps_nothing(world, sign_in):
    client = sign_in(world.amina)
    opened = client.get(DECLARE)
    assert client.post(reverse("drafts:draft_keep", args=["x:y:z"]), typed()).status_code == 404
    with time_machine.travel(timezone.now() + rules.PAGE_OPEN_FOR + timedelta(minutes=1)):
        assert keep(sign_in(world.amina), opened, typed()).status_code == 404
    assert not FormDraft.objects.exists()


# --- And nobody else --------------------------------------------------------------------------------------------------
def test_the_ticket_of_another_opens_nothing(world, sign_in):
    opened = sign_in(world.amina).get(DECLARE)
    keep(sign_in(world.amina), opened, typed())
    other = sign_in(world.superuser)
    for verb in ("keep", "set_aside", "take_up"):
        address = reverse(f"drafts:draft_{verb}", args=[ticket_in(opened)["brouillon"]])
        assert other.post(address, typed(label="Écrasé")).status_code == 404
    assert SECRET not in text(other.get(DECLARE))
    other.post(reverse("hours:declare"), typed(minutes="1 h") | ticket_in(opened))
    draft = FormDraft.objects.visible_to(world.amina).get()
    assert (draft.values["label"], draft.aside_at) == ([SECRET], None)


def test_no_scope_gives_it_to_another(world):
    draft = begin(world.amina, PLACE, text=SECRET)
    for person in [*(one for one in world.people.values() if one != world.amina), Visitor()]:
        assert not FormDraft.objects.visible_to(person).exists()
        actions.forget(place=PLACE, by=person)
    assert FormDraft.objects.visible_to(world.amina).get() == draft
    world.amina.is_active = False
    assert not FormDraft.objects.visible_to(world.amina).exists()


def test_the_database_holds_it_sealed(world):
    begin(world.amina, PLACE, text=SECRET)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM circo_formdraft")
        row = str(cursor.fetchall())
    assert PLACE in row
    assert SECRET not in row
    assert SECRET[2:] not in row


def test_a_lost_key_is_no_error(world, sign_in, settings):
    client = sign_in(world.amina)
    keep(client, client.get(DECLARE), typed())
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key, as long as the former one was", []
    assert "Nous avons repris" not in text(sign_in(world.amina).get(DECLARE))


@pytest.mark.sweep
def test_no_page_shows_it_to_another(world, sign_in):
    """Every page of the platform that opens, admin and search included, for those who reach the most."""
    things = make_things(world, world.here, world.amina, world.secretary)
    FormDraft.objects.all().delete()
    assert _drafts_everywhere(world.amina, things, sign_in) > 15
    opened = 0
    for name in ("superuser", "inspector"):
        client = sign_in(world.people[name])
        addresses = [url_of(route, things) for route in routes() if not route.name.startswith(("account_", "mfa_"))]
        addresses.append(reverse("portal:search", query={"q": SECRET[:5]}))
        addresses.append(reverse("admin:circo_person_delete", args=[world.amina.pk]))
        for address in addresses:
            response = client.get(address)
            if response.status_code == 200 and not response.streaming:
                opened += 1
                assert SECRET not in response.content.decode(errors="replace"), address
    assert opened > 60


def _drafts_everywhere(person, things, sign_in) -> int:
    """Keep something in each form that keeps it, of each page that this person opens."""
    client = sign_in(person)
    for address in {url_of(route, things) for route in routes() if not route.name.startswith(("account_", "mfa_"))}:
        response = client.get(address)
        if response.status_code != 200 or response.streaming:
            continue
        for action, body in FORMS.findall(response.content.decode(errors="replace")):
            for token in TICKETS.findall(body):
                names = tickets.read(token, person).names
                client.post(reverse("drafts:draft_keep", args=[token]), dict.fromkeys(names, SECRET))
                assert forgets(action or address), f"{action} of {address} leaves its draft behind"
    return FormDraft.objects.count()


def forgets(address: str) -> bool:
    """Whether the view that receives a form is decorated with `forgets_draft`."""
    view = resolve(address.partition("?")[0]).func
    while view is not None:
        if view.__code__ in forms.forgets_draft.__code__.co_consts:
            return True
        view = getattr(view, "__wrapped__", None)
    return False


def test_canary_a_view_that_forgets_nothing_is_seen(world):
    assert forgets(reverse("hours:declare"))
    assert not forgets(reverse("portal:home"))


def test_the_admin_and_the_history_do_not_know_it(world):
    assert FormDraft not in admin.site._registry
    assert "historicalformdraft" not in {model._meta.model_name for model in apps.get_models()}


def test_only_its_owner_is_given_it_back(world):
    def given_to(person) -> str:
        rows = (one.rows(person).values_list(*one.fields.values()) for one in registries.holdings())
        return "".join(str(list(found)) for found in rows)

    begin(world.amina, PLACE, text=SECRET)
    assert PLACE in given_to(world.amina)
    assert SECRET in given_to(world.amina)
    assert PLACE not in "".join(given_to(one) for one in world.people.values() if one != world.amina)


# --- Time passes --------------------------------------------------------------------------------------------------
def test_what_nobody_takes_up_again_goes(world):
    for place, age, aside in (
        ("fresh", timedelta(days=29), None),
        ("old", timedelta(days=31), None),
        ("aside", timedelta(days=2), timedelta(hours=23)),
        ("left", timedelta(days=2), timedelta(hours=25)),
    ):
        begin(world.amina, place, text="mot")
        at = timezone.now()
        FormDraft.objects.filter(place=place).update(kept_at=at - age, aside_at=at - aside if aside else None)
    assert purging.purge(now=timezone.now()) == 2
    assert {draft.place for draft in FormDraft.objects.all()} == {"fresh", "aside"}


def test_drafts_go_with_the_account(world):
    begin(world.amina, PLACE, text="mot")
    begin(world.bruno, PLACE, text="mot")
    world.amina.is_active = False
    world.amina.save()
    personal.erase(person=world.amina, by=world.superuser)
    assert [draft.person for draft in FormDraft.objects.all()] == [world.bruno]


def test_a_place_holds_those_within_it(world):
    for place in ("pair:1", "pair:1/message", "pair:12/message"):
        begin(world.amina, place, text="mot")
    assert {draft.place for draft in FormDraft.objects.of_place("pair:1")} == {"pair:1", "pair:1/message"}


def test_a_ticket_says_where_one_writes(world):
    ticket = ticket_of(world.amina, PLACE, "text")
    assert tickets.read(tickets.issue(ticket), world.amina) == ticket
    assert tickets.read(tickets.issue(ticket), world.bruno) is None
