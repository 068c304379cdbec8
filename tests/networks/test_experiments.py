"""Experiments as a group lives them: proposed, run, reviewed, read by others in time, printed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from circo import registries
from circo.errors import Refusal
from circo.models import Derogation, Notice
from networks.experiments import actions, queries, rules
from networks.models import Experiment, ExperimentMove, Membership
from tests import documents
from tests.networks.experiment_things import experiment_of, indicator_of

LIST = reverse("networks:experiment_list")


def at(experiment, view="page", /, **more):
    return reverse(f"networks:experiment_{view}", kwargs={"pk": experiment.pk} | more)


def text(response):
    return response.content.decode()


def test_a_group_goes_from_an_idea_to_its_review(world, sign_in):
    amina, group = sign_in(world.amina), world.here.group
    page = text(amina.get(reverse("networks:group_page", args=[group.pk])))
    new = reverse("networks:experiment_new", args=[group.pk])
    assert new in page
    assert "Seul le titre" in text(amina.get(new))
    create = reverse("networks:experiment_create", args=[group.pk])
    made = amina.post(create, {"title": "Lire à deux voix"})
    experiment = Experiment.objects.get()
    assert made.url == at(experiment)
    assert experiment.referent == world.amina

    refused = amina.post(at(experiment, "move", name="lancer"))
    said = text(refused)
    assert refused.status_code == 422
    for lacks in ("la question", "au moins une classe", "au moins un indicateur"):
        assert lacks in said
    assert f'href="{at(experiment, "edit")}"' in said
    assert 'href="#classes"' in said

    edit = text(amina.get(at(experiment, "edit")))
    seen = edit.split('name="seen" value="')[1].split('"')[0]
    words = {"title": "Lire à deux voix", "question": "Lit-on mieux **à deux** ?", "seen": seen}
    words["referent"] = world.amina.pk
    assert amina.post(at(experiment, "update"), words).status_code == 302
    school = world.here.schools[0]
    amina.post(at(experiment, "part_add", kind="classes"), {"school": school.pk, "levels": ["CE1"], "pupil_count": 24})
    figures = {"name": "Mots lus", "unit": "mots", "wanted": "UP", "before": "38,5", "before_on": "2026-09-20"}
    assert amina.post(at(experiment, "part_add", kind="indicateurs"), figures).status_code == 302
    assert amina.post(at(experiment, "move", name="lancer")).status_code == 302
    page = text(amina.get(at(experiment)))
    assert "<strong>à deux</strong>" in page
    assert "L’expérimentation est lancée" in page
    assert Notice.objects.get(person=world.bruno).title == f"L’expérimentation est lancée dans le groupe {group.name}"
    assert not Notice.objects.filter(person=world.amina).exists()

    said = text(amina.post(at(experiment, "move", name="conclure")))
    assert "«\u00a0Mots lus\u00a0»" in said
    indicator = experiment.indicators.get()
    figures |= {"after": "61", "after_on": "2026-11-20"}
    amina.post(at(experiment, "part_update", kind="indicateurs", part_id=indicator.pk), figures)
    actions.write(experiment=experiment, texts={"outcome": "On lit mieux."}, by=world.amina)
    assert amina.post(at(experiment, "move", name="conclure"), {"why": "L’année finit."}).status_code == 302
    page = text(amina.get(at(experiment)))
    assert "De 38,5\u00a0mots à 61\u00a0mots (+22,5\u00a0mots)." in page
    assert "L’année finit." in page
    assert [(move.source, move.target, move.by) for move in experiment.moves.order_by("pk")] == [
        ("IDEA", "RUNNING", world.amina),
        ("RUNNING", "REVIEWED", world.amina),
    ]


READERS = {
    "amina": rules.State,
    "bruno": rules.State,
    "adviser": rules.SHARED,  # of the district, and not of this group
    "inspector": rules.SHARED,
    "secretary": rules.SHARED,
    "departement": ("REVIEWED",),
    "superuser": rules.SHARED,
    "chloe": (),
    "head_teacher": (),
    "student": (),
    "denis": (),
    "inspector_there": (),
    "departement_there": (),
}


@pytest.mark.parametrize("state", list(rules.State))
def test_each_reads_in_time(world, state):
    experiment = experiment_of(world.here.group, world.amina, state=state, outcome="Mieux.")
    for name, states in READERS.items():
        seen = Experiment.objects.visible_to(world.people[name]).filter(pk=experiment.pk).exists()
        assert seen is (state in states), name
        found = queries.search(world.people[name], "lire à deux voix", 8)
        assert bool(found) is seen, name
        may_write = Experiment.objects.editable_by(world.people[name]).exists()
        assert may_write is (name in ("amina", "bruno")), name


def test_the_adviser_of_the_group_writes_and_leads(world):
    world.here.group.adviser = world.adviser
    world.here.group.save()
    experiment = experiment_of(world.here.group, world.amina)
    actions.move(experiment=experiment, name="lancer", by=world.adviser)
    with pytest.raises(Refusal, match="personne référente"):
        actions.move(experiment=experiment, name="revenir", by=world.bruno, why="Non")
    Membership.objects.filter(person=world.amina).update(left_on=timezone.localdate(), standing="LEFT")
    with pytest.raises(Refusal, match="autre groupe"):
        actions.move(experiment=experiment, name="revenir", by=world.amina, why="Je pars")


@pytest.mark.parametrize("move", rules.MOVES, ids=lambda move: move.name)
@pytest.mark.parametrize("state", list(rules.State))
def test_every_forbidden_move_is_refused_by_the_action_and_by_the_database(world, move, state):
    experiment = experiment_of(world.here.group, world.amina, state=state, outcome="Mieux.")
    experiment.indicators.update(after=50)
    if move.source == state:
        if move.asks_why:
            with pytest.raises(Refusal, match="pourquoi"):
                actions.move(experiment=experiment, name=move.name, by=world.amina)
        actions.move(experiment=experiment, name=move.name, by=world.amina, why="Voilà")
        experiment.refresh_from_db()
        assert experiment.state == move.target
        return
    with pytest.raises(Refusal, match=rules.STATE_LABELS[state]):
        actions.move(experiment=experiment, name=move.name, by=world.amina, why="Voilà")
    assert not ExperimentMove.objects.exists()
    if (state, move.target) not in rules.ALLOWED:
        with pytest.raises(IntegrityError), transaction.atomic():
            ExperimentMove.objects.create(experiment=experiment, source=state, target=move.target)


@pytest.mark.parametrize("wrong", [{"question": ""}, {"state": "ELSEWHERE"}, {"state": "REVIEWED", "outcome": ""}])
def test_the_database_holds_what_the_states_ask(world, wrong):
    experiment = experiment_of(world.here.group, world.amina, state="RUNNING")
    with pytest.raises(IntegrityError), transaction.atomic():
        Experiment.objects.filter(pk=experiment.pk).update(**wrong)


def test_a_running_experiment_keeps_what_it_runs_on(world, sign_in):
    experiment = experiment_of(world.here.group, world.amina, state="RUNNING")
    bruno, row = sign_in(world.bruno), experiment.classes.get()
    refused = bruno.post(at(experiment, "part_remove", kind="classes", part_id=row.pk))
    assert refused.status_code == 409
    assert "au moins une classe" in text(refused)
    assert experiment.classes.filter(removed_at=None).exists()
    refused = bruno.post(at(experiment, "update"), {"title": "Autre titre", "question": ""})
    assert refused.status_code == 422
    assert "la question" in text(refused)
    assert "Autre titre" in text(refused), "nothing typed is lost"


def test_what_is_removed_can_be_put_back(world, sign_in):
    experiment = experiment_of(world.here.group, world.amina)
    bruno, row = sign_in(world.bruno), experiment.classes.get()
    gone = bruno.post(at(experiment, "part_remove", kind="classes", part_id=row.pk))
    page = text(bruno.get(gone.url.split("#")[0]))
    assert "Classe retirée." in page
    assert row.school.name not in page.split('id="classes"')[1].split("</section>")[0]
    bruno.post(at(experiment, "part_restore", kind="classes", part_id=row.pk))
    assert row.school.name in text(bruno.get(at(experiment))).split('id="classes"')[1]
    row.removed_at = timezone.now() - timedelta(minutes=rules.UNDO_MINUTES, seconds=5)
    row.save()
    assert bruno.post(at(experiment, "part_restore", kind="classes", part_id=row.pk)).status_code == 404


def test_a_closed_experiment_is_read_and_no_more(world, sign_in):
    experiment = experiment_of(world.here.group, world.amina, state="REVIEWED", outcome="Mieux.")
    amina = sign_in(world.amina)
    assert "Ajouter une classe" not in text(amina.get(at(experiment)))
    for response in (
        amina.get(at(experiment, "edit")),
        amina.post(at(experiment, "update"), {"title": "X"}),
        amina.post(at(experiment, "part_add", kind="journal"), {"on": "2026-11-01", "text": "x"}),
    ):
        assert response.status_code == 409
        assert "ne s’écrit plus" in text(response)


def test_the_diary_belongs_to_whoever_writes(world, sign_in):
    experiment = experiment_of(world.here.group, world.amina)
    amina = sign_in(world.amina)
    typed = {"on": timezone.localdate().isoformat(), "text": "Ils *s’écoutent* <script>"}
    assert amina.post(at(experiment, "part_add", kind="journal"), typed).status_code == 302
    entry = experiment.entries.get()
    page = text(sign_in(world.bruno).get(at(experiment)))
    assert "<em>s’écoutent</em> &lt;script&gt;" in page
    edit = at(experiment, "part_edit", kind="journal", part_id=entry.pk)
    assert edit not in page
    bruno = sign_in(world.bruno)
    assert bruno.get(edit).status_code == 404
    assert bruno.post(at(experiment, "part_remove", kind="journal", part_id=entry.pk)).status_code == 404
    assert edit in text(sign_in(world.amina).get(at(experiment)))


WRONG = [
    ("journal", {"on": "2026-09-01", "text": "é" * 100_000}, "10000"),
    ("journal", {"on": "2999-09-01", "text": "Demain"}, "l’année"),
    ("journal", {"on": "", "text": "Sans date"}, "obligatoire"),
    ("etapes", {"title": "Étape sans date"}, "obligatoire"),
    ("indicateurs", {"name": "Mots gardés", "wanted": "UP", "before": "beaucoup"}, "nombre"),
    ("indicateurs", {"name": "Mots gardés", "wanted": "UP", "before": "99999999"}, "chiffres"),
    ("indicateurs", {"name": "Mots gardés", "wanted": "UP", "after_on": "2026-09-01"}, "effacez sa date"),
    (
        "indicateurs",
        {
            "name": "Mots gardés",
            "wanted": "UP",
            "before": 1,
            "before_on": "2026-10-01",
            "after": 2,
            "after_on": "2026-09-01",
        },
        "vient après",
    ),
    ("classes", {"levels": ["CE1"], "pupil_count": "400"}, "40"),
    ("releves", {"value": "3", "on": "2026-09-01"}, "obligatoire"),
]


@pytest.mark.parametrize(("kind", "typed", "says"), WRONG)
def test_bad_input_is_said_and_kept(world, sign_in, kind, typed, says):
    experiment = experiment_of(world.here.group, world.amina)
    answer = sign_in(world.amina).post(at(experiment, "part_add", kind=kind), typed)
    assert answer.status_code == 422
    assert says in text(answer)
    for value in typed.values():
        if isinstance(value, str) and value:
            assert value in text(answer)


def test_choices_of_elsewhere_are_refused(world):
    experiment = experiment_of(world.here.group, world.amina)
    dates = {"starts_on": world.year.first_day, "ends_on": world.year.last_day}
    foreign = Derogation.objects.create(district=world.there.district, reference="X", authority="R", **dates)
    for texts in ({"referent": world.chloe}, {"derogation": foreign}, {"title": " "}):
        with pytest.raises(Refusal):
            actions.write(experiment=experiment, texts=texts, by=world.amina)
    row = experiment.classes.get()
    with pytest.raises(Refusal, match="école d’un membre"):
        actions.change(part=row, values={"school": world.here.schools[1]}, by=world.amina)
    other = experiment_of(world.there.group, world.denis)
    with pytest.raises(Refusal):
        actions.add(experiment=other, part=row, by=world.amina)
    with pytest.raises(Refusal):
        actions.propose(group=world.here.other_group, texts={"title": "X"}, by=world.amina)


def test_who_writes_second_is_told_and_loses_nothing(world, sign_in):
    experiment = experiment_of(world.here.group, world.amina)
    amina = sign_in(world.amina)
    seen = text(amina.get(at(experiment, "edit"))).split('name="seen" value="')[1].split('"')[0]
    actions.write(experiment=experiment, texts={"question": "Celle de Bruno"}, by=world.bruno)
    typed = {"title": "Lire", "question": "Celle d’Amina", "seen": seen}
    answer = amina.post(at(experiment, "update"), typed)
    assert answer.status_code == 422
    assert "pendant que vous écriviez" in text(answer)
    assert "Celle d’Amina" in text(answer)
    seen = text(answer).split('name="seen" value="')[1].split('"')[0]
    assert amina.post(at(experiment, "update"), typed | {"seen": seen}).status_code == 302
    experiment.refresh_from_db()
    assert experiment.question == "Celle d’Amina"


def test_a_step_whose_date_has_come_waits_for_the_referent(world):
    experiment = experiment_of(world.here.group, world.amina, state="RUNNING")
    today = timezone.localdate()
    experiment.steps.create(title="Relever les mots", due_on=today)
    experiment.steps.create(title="Plus tard", due_on=today + timedelta(days=1))
    experiment.steps.create(title="Déjà faite", due_on=today, done_on=today)
    assert [todo.title for todo in registries.todos_of(world.amina) if "Relever" in todo.title] == ["Relever les mots"]
    assert [one.title for one in queries.todos(world.amina)] == ["Relever les mots"]
    assert queries.todos(world.bruno) == []
    Experiment.objects.update(state="IDEA")
    assert queries.todos(world.amina) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_with_one_and_three(world, sign_in, rows):
    for number in range(rows):
        experiment = experiment_of(world.here.group, world.amina, title=f"Essai {number}")
    today = timezone.localdate()
    for number in range(rows):
        experiment.steps.create(title=f"Étape {number}", due_on=today)
        experiment.entries.create(author=[world.amina, world.bruno][number % 2], on=today, text="x")
        point = indicator_of(experiment, f"I{number}", before=1, after=2)
        for _ in range(rows):
            point.points.create(value=3, on=today)
        experiment.moves.create(source="IDEA", target="RUNNING", by=world.bruno)
        experiment.classes.create(school=world.here.schools[0], levels=["CP"])
    client = sign_in(world.amina)
    client.get(LIST)
    for url, most in ((LIST, 7), (at(experiment), 12)):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        assert len(captured) == most, url


def test_twelve_indicators_are_drawn_with_their_table(world, sign_in):
    experiment = experiment_of(world.here.group, world.amina)
    for number in range(11):
        indicator_of(experiment, f"Indicateur {number}", before=number - 5, after=None if number == 3 else 2 * number)
    page = text(sign_in(world.amina).get(at(experiment)))
    assert page.count('role="img"') == 12
    assert page.count("<title>") == 13
    assert "−5" in page
    assert "style=" not in page


@pytest.mark.parametrize("name", ["sheet", "review"])
def test_papers_are_tagged_and_hold_their_fields(world, sign_in, name):
    experiment = experiment_of(
        world.here.group, world.amina, state="REVIEWED", outcome="On lit mieux.", keeps="Le binôme"
    )
    indicator_of(experiment, "Livres lus", before=2, after=5, unit="livres")
    experiment.steps.create(title="Premiers binômes", due_on=timezone.localdate())
    answer = sign_in(world.inspector).get(at(experiment, name))
    assert answer["Content-Type"] == "application/pdf"
    assert documents.faults(answer.content) == []
    words = documents.text_of(answer.content)
    drawn = [alt for kind, _, alt in documents.elements(answer.content) if kind == "/Figure"]
    assert any("De 2\u00a0livres à 5\u00a0livres" in alt for alt in drawn) is (name == "review")
    for field in ("Lire à deux voix", "Amina Petit", "Bruno Petit", "École 1", "CE1", "Livres lus", "Premiers binômes"):
        assert field in words, field
    assert ("On lit mieux" in words) is ("Le binôme" in words) is (name == "review")
