"""The pages of the hours: one's own account, the district's queue, the table; through the client."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from circo.hours import queries
from circo.hours.rules import Category, Move, State
from circo.models import HourEntry, Notice, Person, Posting, SchoolYear
from circo.registries import todos_of
from circo.rules import Role
from tests.circo.hours import credit, entry_of
from tests.world import MARK, person, post

LIST = reverse("hours:entry_list")
MOVE = reverse("hours:entry_move")


def text(response) -> str:
    return response.content.decode().replace("\u00a0", " ")


def decide(client, move, *entries, **words):
    data = {"move": move, "entries": [",".join(map(str, entry)) for entry in entries], **words}
    return client.post(MOVE, data, follow=True)


# --- One's own --------------------------------------------------------------------------------------------------------
def test_my_hours_begin_with_a_sentence(world, sign_in):
    entry_of(world.amina, world.adviser, State.VALIDATED, minutes=300, category=Category.TRAINING_FORMATION)
    entry_of(world.amina, world.adviser, minutes=150, source="tests:2", path="/groupes/")
    entry_of(world.amina, world.adviser, State.REFUSED, minutes=600, source="tests:3")
    page = text(sign_in(world.amina).get(reverse("hours:mine")))
    assert "7 h 30 sur 18 h, dont 5 h de formation continue" in page
    assert "Il reste 10 h 30, dont au moins 4 h de formation continue." in page
    assert "Validées : 5 h" in page
    assert "À confirmer : 2 h 30" in page
    assert "Vous étiez absente ce jour-là." in page
    year = text(sign_in(world.amina).get(reverse("portal:year")))
    assert "7 h 30 sur 18 h, dont 5 h de formation continue" in year


def test_an_entry_traces_back_to_its_source(world, sign_in):
    entry = entry_of(world.amina, world.inspector, State.CONFIRMED, path="/groupes/")
    page = text(sign_in(world.amina).get(reverse("hours:entry_page", args=[entry.pk])))
    assert 'href="/groupes/"' in page
    assert f"par {world.inspector}" in page
    assert 'name="move"' not in page, "nobody signs their own"


def test_an_empty_account(world, sign_in):
    page = text(sign_in(world.amina).get(reverse("hours:mine")))
    assert "0 h sur 18 h" in page
    assert "Aucune heure pour l’instant" in page


@pytest.mark.parametrize("name", ["mine", "entry_list"])
def test_a_year_that_is_not_opened_has_its_page(world, sign_in, name):
    first = world.year.first_day - timedelta(days=3650)
    SchoolYear.objects.update(first_day=first, last_day=first + timedelta(days=300))
    assert "n’est pas encore ouverte" in text(sign_in(world.inspector).get(reverse(f"hours:{name}")))
    assert sign_in(world.inspector).get(reverse("portal:year")).status_code == 200
    assert sign_in(world.inspector).get(reverse("hours:export")).status_code == 404


def test_an_earlier_year_is_still_read(world, sign_in):
    first = world.year.first_day.replace(year=world.year.first_day.year - 1)
    SchoolYear.objects.create(first_day=first, last_day=world.year.first_day - timedelta(days=1))
    Posting.objects.filter(person=world.amina).update(starts_on=first)
    entry_of(world.amina, world.adviser, on=first, label="Autrefois", source="tests:1")
    entry_of(world.amina, world.adviser, label="Maintenant", source="tests:2")
    client = sign_in(world.amina)
    assert "Autrefois" not in text(client.get(reverse("hours:mine")))
    page = text(client.get(reverse("hours:mine"), {"annee": first.year}))
    assert "Autrefois" in page
    assert "Maintenant" not in page
    assert "Maintenant" in text(client.get(reverse("hours:mine"), {"annee": "deux mille"}))


@pytest.mark.parametrize("count", [1, 3])
def test_my_hours_cost_the_same_for_one_and_three(world, sign_in, count, django_assert_num_queries):
    for number in range(count):
        entry_of(world.amina, world.adviser, source=f"tests:{number}")
    client = sign_in(world.amina)
    client.get(reverse("hours:mine"))
    with django_assert_num_queries(13):
        client.get(reverse("hours:mine"))


# --- What one declares ------------------------------------------------------------------------------------------------
def declared(**changed) -> dict:
    data = {"label": "Animation sur la lecture", "on": timezone.localdate().isoformat(), "minutes": "1h30"}
    return data | {"category": Category.TRAINING_FORMATION, "mode": "SELF_PACED"} | changed


def test_somebody_notes_hours_and_takes_them_back(world, sign_in):
    client = sign_in(world.amina)
    assert "attendent d’être confirmées" in text(client.post(reverse("hours:declare"), declared(), follow=True))
    entry = HourEntry.objects.get()
    assert (entry.state, entry.minutes, entry.person) == (State.PROPOSED, 90, world.amina)
    client.post(reverse("hours:declared_remove", args=[entry.pk]))
    assert not HourEntry.objects.exists()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"minutes": "1 h 20"}, "quarts d’heure"),
        ({"minutes": "beaucoup"}, "Écrivez une durée"),
        ({"minutes": "40 h"}, "jusqu’à 30 h"),
        ({"on": (timezone.localdate() + timedelta(days=1)).isoformat()}, "pas encore passé"),
        ({"on": "1999-09-01"}, "autre année scolaire"),
        ({"label": ""}, "de quoi il s’agit"),
    ],
)
def test_what_cannot_be_noted_is_said_and_nothing_typed_is_lost(world, sign_in, changed, says):
    response = sign_in(world.amina).post(reverse("hours:declare"), declared(**changed))
    assert response.status_code == 422
    assert says in text(response)
    for value in ({"label": "Animation sur la lecture"} | changed).values():
        assert value in text(response)
    assert not HourEntry.objects.exists()


def test_somebody_without_a_class_notes_no_hours(world, sign_in):
    response = sign_in(world.inspector).post(reverse("hours:declare"), declared())
    assert response.status_code == 422
    assert "Aucune fonction d’enseignement" in text(response)


def test_confirmed_hours_are_no_longer_taken_back(world, sign_in):
    client = sign_in(world.amina)
    client.post(reverse("hours:declare"), declared())
    entry = HourEntry.objects.get()
    HourEntry.objects.update(state=State.CONFIRMED, confirmed_at=timezone.now())
    assert client.post(reverse("hours:declared_remove", args=[entry.pk])).status_code == 409
    assert HourEntry.objects.exists()


def test_credited_hours_are_not_taken_back_by_their_owner(world, sign_in):
    entry = credit(world.amina)
    assert sign_in(world.amina).post(reverse("hours:declared_remove", args=[entry.pk])).status_code == 409


# --- The queue --------------------------------------------------------------------------------------------------------
def test_an_adviser_confirms_what_is_ticked_and_undoes_it(world, sign_in):
    one, two, three = credit(world.amina), credit(world.bruno), credit(world.chloe)
    credit(world.denis, label=f"Réunion {MARK}")
    client = sign_in(world.adviser)
    page = text(client.get(LIST))
    assert "Amina Petit, École 1" in page
    assert MARK not in page
    answer = decide(client, Move.CONFIRM, [one.pk], [two.pk], filtre="etat=PROPOSED")
    assert "Heures confirmées : 6 h." in text(answer)
    assert set(HourEntry.objects.filter(state=State.CONFIRMED)) == {one, two}
    one.refresh_from_db()
    assert (one.confirmed_by, one.history.first().history_user) == (world.adviser, world.adviser)
    client.post(reverse("hours:entry_undo"))
    assert not HourEntry.objects.filter(state=State.CONFIRMED).exists()
    assert "plus rien à annuler" in text(client.post(reverse("hours:entry_undo"), follow=True))
    assert three.state == State.PROPOSED


def test_a_refusal_says_why_and_tells_the_teacher(world, sign_in):
    entry, client = credit(world.amina), sign_in(world.adviser)
    answer = decide(client, Move.REFUSE, [entry.pk])
    assert answer.status_code == 422
    assert "Dites pourquoi" in text(answer)
    assert f'value="{entry.pk}" checked' in text(answer), "what was ticked stays ticked"
    decide(client, Move.REFUSE, [entry.pk], reason="La réunion n’a pas eu lieu.")
    entry.refresh_from_db()
    assert (entry.state, entry.reason) == (State.REFUSED, "La réunion n’a pas eu lieu.")
    told = Notice.objects.get(person=world.amina)
    assert "n’a pas eu lieu" in told.text
    assert "n’a pas eu lieu" not in told.title, "what was typed leaves by no mail"
    client.post(reverse("hours:entry_undo"))
    entry.refresh_from_db()
    assert (entry.state, entry.reason) == (State.PROPOSED, "")
    assert not Notice.objects.exists(), "nobody had read it"


def test_an_inspector_validates_a_whole_person_or_a_whole_event(world, sign_in):
    for who, number in ((world.amina, 1), (world.amina, 2), (world.bruno, 1)):
        entry_of(who, world.adviser, State.CONFIRMED, source=f"tests.meeting:{number}", label=f"Réunion {number}")
    client = sign_in(world.inspector)
    by_person = client.get(LIST, {"etat": "CONFIRMED", "par": "personne"})
    assert "2 lignes" in text(by_person)
    assert "En tout cette année : 6 h sur 18 h" in text(by_person)
    ids = next(row.ids for row in by_person.context["rows"] if "Amina" in row.title)
    assert len(ids.split(",")) == 2
    decide(client, Move.VALIDATE, ids.split(","))
    assert HourEntry.objects.filter(person=world.amina, state=State.VALIDATED).count() == 2
    by_event = client.get(LIST, {"etat": "CONFIRMED", "par": "evenement"})
    assert "1 personne" in text(by_event)
    decide(client, Move.VALIDATE, by_event.context["rows"][0].ids.split(","))
    assert HourEntry.objects.filter(state=State.VALIDATED).count() == 3
    decide(client, Move.REOPEN, ids.split(","))
    assert HourEntry.objects.filter(person=world.amina, state=State.CONFIRMED, validated_by=None).count() == 2


def test_what_one_ticks_is_what_one_saw(world, sign_in):
    """A colleague confirmed one of the two meanwhile: the other alone moves, and the page says so."""
    one, two = credit(world.amina), credit(world.bruno)
    client = sign_in(world.adviser)
    decide(client, Move.CONFIRM, [one.pk])
    answer = decide(client, Move.CONFIRM, [one.pk, two.pk])
    assert "Une ligne a changé entre-temps" in text(answer)
    again = decide(client, Move.CONFIRM, [one.pk, two.pk])
    assert again.status_code == 409
    assert "Seules des heures à confirmer" in text(again)


@pytest.mark.parametrize(
    ("name", "move", "state", "status"),
    [
        ("secretary", Move.CONFIRM, State.PROPOSED, 404),
        ("departement", Move.CONFIRM, State.PROPOSED, 404),
        ("bruno", Move.CONFIRM, State.PROPOSED, 404),
        ("amina", Move.CONFIRM, State.PROPOSED, 404),
        ("adviser", Move.VALIDATE, State.CONFIRMED, 404),
        ("adviser", Move.REOPEN, State.VALIDATED, 404),
        ("adviser_there", Move.CONFIRM, State.PROPOSED, 404),
        ("inspector_there", Move.VALIDATE, State.CONFIRMED, 404),
    ],
)
def test_who_may_not_move_what(world, sign_in, name, move, state, status):
    entry = entry_of(world.amina, world.inspector, state)
    assert decide(sign_in(getattr(world, name)), move, [entry.pk]).status_code == status
    entry.refresh_from_db()
    assert entry.state == state


def test_an_adviser_who_teaches_does_not_confirm_the_own_hours(world, sign_in):
    post(world.adviser, Role.TEACHER, world.here.schools[0], starts_on=timezone.localdate())
    own = credit(world.adviser)
    client = sign_in(world.adviser)
    assert [row.ids for row in client.get(LIST).context["rows"]] == [""]
    assert decide(client, Move.CONFIRM, [own.pk]).status_code == 409
    own.refresh_from_db()
    assert own.state == State.PROPOSED


@pytest.mark.parametrize("entries", [[], ["x"], ["1;2"], ["9" * 30]])
def test_a_selection_that_cannot_be_read(world, sign_in, entries):
    credit(world.amina)
    response = sign_in(world.adviser).post(MOVE, {"move": "confirm", "entries": entries, "filtre": "etat=PROPOSED"})
    assert response.status_code == 422


def test_the_list_is_narrowed(world, sign_in):
    credit(world.amina)
    credit(world.chloe, label="Visite")
    post(world.trainer, Role.TEACHER, world.here.schools[1], starts_on=timezone.localdate())
    credit(world.trainer)
    client = sign_in(world.inspector)

    def titles(**words):
        return {row.title.split()[0] for row in client.get(LIST, words).context["rows"]}

    assert titles() == {"Amina", "Chloé", "Trainer"}
    assert titles(ecole=world.here.schools[1].pk) == {"Trainer"}
    assert titles(groupe=world.here.group.pk) == {"Amina"}
    assert titles(groupe=world.there.group.pk) == titles(groupe="x") == set()
    assert titles(q="visite") == {"Chloé"}
    assert titles(q="petit réunion") == {"Amina"}
    assert titles(etat="VALIDATED") == set()
    assert titles(etat="") == {"Amina", "Chloé", "Trainer"}
    assert titles(par="?", ecole="x", page="99") == {"Amina", "Chloé", "Trainer"}


@pytest.mark.parametrize("shape", ["ligne", "personne", "evenement"])
def test_the_shape_shown_is_the_one_that_looks_chosen(world, sign_in, shape):
    body = sign_in(world.inspector).get(LIST, {"par": shape}).content.decode()
    shapes = body.split('<nav class="tabs" aria-label="Comment les réunir"')[1].split("</nav>")[0]
    assert shapes.count('aria-current="page"') == 1
    chosen = next(link for link in shapes.split("<a ") if 'aria-current="page"' in link)
    assert f"par={shape}" in chosen


@pytest.mark.parametrize(("shape", "cost"), [("ligne", 11), ("personne", 16), ("evenement", 12)])
@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(world, sign_in, shape, cost, count, django_assert_num_queries):
    for who in (world.amina, world.bruno, world.chloe)[:count]:
        credit(who, source=f"tests:{who.pk}")
    client = sign_in(world.adviser)
    client.get(LIST, {"par": shape})
    with django_assert_num_queries(cost):
        client.get(LIST, {"par": shape})


# --- The table --------------------------------------------------------------------------------------------------------
def test_the_table_runs_no_formula_and_holds_the_district_alone(world, sign_in):
    entry_of(world.amina, world.inspector, State.VALIDATED, label="=1+1")
    credit(world.denis, label=MARK)
    client = sign_in(world.secretary)
    table = client.get(reverse("hours:export"), {"etat": ""}).content.decode("utf-8-sig")
    assert '"Petit";"Amina";"École 1"' in table
    assert '"\'=1+1"' in table
    assert "validées" in table
    assert MARK not in table
    assert "Amina" not in client.get(reverse("hours:export"), {"etat": "PROPOSED"}).content.decode()


def balances(client, **asked) -> dict[str, list[str]]:
    """The lines of the table of accounts, by first name."""
    body = client.get(reverse("hours:accounts_export"), asked).content.decode("utf-8-sig")
    titles, *lines = csv.reader(io.StringIO(body), delimiter=";")
    assert titles[:2] == ["nom", "prénom"]
    assert len({line[1] for line in lines}) == len(lines)
    return {line[1]: [cell.replace("\u00a0", " ") for cell in line] for line in lines}


def test_the_accounts_are_a_table_of_one_line_a_person(world, sign_in):
    entry_of(world.amina, world.inspector, State.VALIDATED, minutes=90)
    entry_of(world.amina, world.inspector, State.REFUSED, source="tests:2")
    Person.objects.filter(pk=world.bruno.pk).update(last_name="=1+1")
    found = balances(sign_in(world.adviser), etat="VALIDATED", par="personne")
    assert found["Amina"][2:] == [
        "École 1 (Commune 1)",
        "1 h 30 sur 18 h",
        "1080",
        "90",
        "0",
        "0",
        "90",
        "0",
        "0",
        "0",
        "",
        "0",
        "0",
        "990",
        "540",
    ]
    assert found["Bruno"][0] == "'=1+1"
    assert found["Chloé"][3] == "0 h sur 18 h", "who has done nothing yet is there"
    assert world.denis.first_name not in found
    assert "Adviser" not in found, "who owes no hours has no line"
    assert balances(sign_in(world.inspector)) == found
    assert balances(sign_in(world.inspector), groupe=str(world.here.group.pk)).keys() == {"Amina", "Bruno"}
    assert balances(sign_in(world.inspector), q="ami").keys() == {"Amina"}
    assert balances(sign_in(world.inspector), ecole=str(world.here.schools[1].pk)).keys() == {
        "Head_Teacher",
        "Substitute",
        "Teacher",
    }


@pytest.mark.parametrize("count", [1, 3])
def test_the_table_of_accounts_costs_the_same_for_one_and_three(world, sign_in, count, django_assert_num_queries):
    for number in range(count):
        one = person(f"p{number}@ecole.test", f"P{number}", "Petit")
        post(one, "TEACHER", world.here.schools[0])
        entry_of(one, world.adviser)
    client = sign_in(world.inspector)
    balances(client)
    with django_assert_num_queries(10):
        balances(client)


def test_erased_people_have_no_name_in_the_lists(world, sign_in):
    entry_of(world.amina, world.inspector, State.VALIDATED)
    HourEntry.objects.update(person=None)
    client = sign_in(world.inspector)
    for shape in ("ligne", "personne", "evenement"):
        assert client.get(LIST, {"etat": "VALIDATED", "par": shape}).status_code == 200
    assert "Une personne partie" in text(client.get(LIST, {"etat": "VALIDATED"}))
    assert "Une personne partie" in client.get(reverse("hours:export"), {"etat": ""}).content.decode()
    assert client.get(reverse("hours:entry_page", args=[HourEntry.objects.get().pk])).status_code == 200


# --- What waits -------------------------------------------------------------------------------------------------------
def test_what_waits_is_told_to_those_who_sign(world):
    credit(world.amina)
    entry_of(world.bruno, world.adviser, State.CONFIRMED, minutes=90)
    credit(world.denis)

    def todos(person):
        return [todo.title.replace("\u00a0", " ") for todo in todos_of(person) if "Heures" in todo.title]

    assert todos(world.adviser) == ["Heures à confirmer : 3 h"]
    assert todos(world.inspector) == ["Heures à valider : 1 h 30"]
    assert todos(world.secretary) == todos(world.amina) == todos(world.inspector_there) == []


def test_everybody_reads_the_same_figure(world, sign_in):
    entry_of(world.amina, world.adviser, State.CONFIRMED, minutes=90)
    figure = queries.account(world.amina, world.year)
    assert "1 h 30 sur 18 h" in text(sign_in(world.amina).get(reverse("hours:mine")))
    for name in ("adviser", "inspector", "secretary"):
        page = sign_in(getattr(world, name)).get(LIST, {"etat": "CONFIRMED", "par": "personne"})
        assert "1 h 30 sur 18 h" in text(page)
    assert figure.done_minutes == 90
