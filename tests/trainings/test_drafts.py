"""A draft from outside: its modules and steps are written, put in order, taken out and brought back."""

from __future__ import annotations

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from circo.errors import Refusal
from tests.trainings.written import draft_of, module_of, publish, step_of
from trainings.models import Module, Question, RemovedPart, Step, StepExcerpt
from trainings.paths import rules
from trainings.paths.actions import contents, drafts, modules, paths, steps
from trainings.paths.actions.contents import QuestionText
from trainings.paths.actions.modules import ModuleText
from trainings.paths.actions.paths import PathText
from trainings.paths.actions.steps import StepText
from trainings.paths.rules import StepKind
from trainings.quizzes.rules import Choice, QuestionKind

MODULE = {"title": "Observer", "aim": "", "minutes": "40", "statements": "Je sais relancer.\n\n Je sais attendre. "}


@pytest.fixture
def version(world):
    return draft_of(world.here, world.trainer)


@pytest.fixture
def client(world, sign_in):
    return sign_in(world.trainer)


def url(name: str, pk: object) -> str:
    return reverse(f"trainings:{name}", args=[pk])


def titles(rows) -> list[str]:
    return [row.title for row in rows]


def test_modules_are_written_with_their_statements_and_needs(version, client):
    first = module_of(version, "Regarder")
    client.post(url("module_create", version.pk), MODULE | {"needs": [first.pk]})
    made = Module.objects.exclude(pk=first.pk).get()
    assert (made.title, made.minutes, made.rank, list(made.needs.all())) == ("Observer", 40, 2, [first])
    assert list(made.statements.values_list("text", flat=True)) == ["Je sais relancer.", "Je sais attendre."]
    page = client.get(url("path_page", version.path_id)).content.decode()
    assert "après « Regarder »" in page
    assert "2 énoncés pour se situer" in page


def test_modules_that_would_wait_for_one_another_are_refused_when_typed(version, client):
    first = module_of(version, "Regarder")
    second = module_of(version, "Observer")
    second.needs.add(first)
    answer = client.post(url("module_update", first.pk), MODULE | {"title": "Regarder mieux", "needs": [second.pk]})
    assert answer.status_code == 422
    assert "personne ne pourrait commencer" in answer.content.decode()
    assert "Regarder mieux" in answer.content.decode(), "what was typed is lost"
    first.refresh_from_db()
    assert (first.title, first.needs.count()) == ("Regarder", 0)


@pytest.mark.parametrize("kind", StepKind)
def test_each_kind_of_step_has_its_form(version, client, kind):
    module = module_of(version)
    form = client.get(url("step_new", module.pk), {"genre": kind.value})
    assert form.status_code == 200
    typed = {"genre": kind.value, "title": "Une étape", "text": "Regardez **bien**.", "pass_percent": "70"}
    answer = client.post(url("step_create", module.pk), typed)
    step = Step.objects.get()
    assert (step.kind, step.text) == (kind, "Regardez **bien**.")
    assert client.get(answer.url).status_code == 200
    assert client.get(url("step_edit", step.pk)).status_code == 200
    empty = client.post(url("step_update", step.pk), {"title": "", "text": "Une autre consigne"})
    assert empty.status_code == 422
    assert "Une autre consigne" in empty.content.decode()


def test_a_kind_that_is_not_offered_is_nothing(version, client):
    module = module_of(version)
    for kind in ("autre", ""):
        assert client.post(url("step_create", module.pk), {"genre": kind, "title": "Une étape"}).status_code == 404
    assert not Step.objects.exists()


def test_steps_go_up_and_down_from_one_module_to_the_next(version, client, world):
    one, two = module_of(version, "Un"), module_of(version, "Deux")
    a, b = step_of(one, title="A"), step_of(one, title="B")
    client.post(url("step_move", b.pk), {"sens": "haut"})
    assert titles(one.steps.all()) == ["B", "A"]
    answer = client.post(url("step_move", a.pk), {"sens": "bas"})
    assert answer.url.endswith(f"#etape-{a.pk}")
    assert (titles(one.steps.all()), titles(two.steps.all())) == (["B"], ["A"])
    client.post(url("step_move", a.pk), {"sens": "haut"})
    assert titles(one.steps.all()) == ["B", "A"]
    client.post(url("step_move", b.pk), {"sens": "haut"})
    assert titles(one.steps.all()) == ["B", "A"], "the first of the first module stays there"
    client.post(url("step_move", b.pk), {"module": two.pk, "place": "7"})
    assert (titles(one.steps.all()), titles(two.steps.all())) == (["A"], ["B"])
    client.post(url("module_move", two.pk), {"sens": "haut"})
    assert titles(version.modules.all()) == ["Deux", "Un"]
    other = module_of(draft_of(world.here), "Ailleurs")
    assert client.post(url("step_move", b.pk), {"module": other.pk, "place": "0"}).status_code == 404


def test_a_module_is_taken_out_and_comes_back_whole(version, client):
    before, module, after = module_of(version, "Avant"), module_of(version), module_of(version, "Après")
    module.needs.add(before)
    after.needs.add(module)
    module.statements.create(rank=1, text="Je sais relancer.")
    quiz = step_of(module, StepKind.QUIZ, "Questions")
    ask = quiz.questions.create(rank=1, kind="SHORT", text="Combien ?", choices=[["12", False, ""]])
    answer = client.post(url("module_remove", module.pk))
    assert titles(version.modules.all()) == ["Avant", "Après"]
    assert not Step.objects.exists()
    page = client.get(answer.url).content.decode()
    assert "C’est retiré." in page
    client.post(url("part_restore", RemovedPart.objects.get().pk))
    assert titles(version.modules.all()) == ["Avant", "Observer", "Après"]
    back = version.modules.get(title="Observer")
    assert (back.key, list(back.needs.all()), list(back.opens.all())) == (module.key, [before], [after])
    assert list(back.statements.values_list("text", flat=True)) == ["Je sais relancer."]
    found = Question.objects.get()
    assert (found.key, found.step.key, found.choices) == (ask.key, quiz.key, [["12", False, ""]])
    assert not RemovedPart.objects.exists()


def test_what_comes_back_makes_no_circle(version, world):
    one, two = module_of(version, "Un"), module_of(version, "Deux")
    two.needs.add(one)
    part = modules.remove(module=two, by=world.trainer)
    three = module_of(version, "Trois")
    drafts.bring_back(part=part, by=world.trainer)
    two = version.modules.get(title="Deux")
    part = modules.remove(module=one, by=world.trainer)  # « Deux » waited for it
    three.needs.add(two)
    part.rows = part.rows.replace('"needs": []', f'"needs": [{three.pk}]')
    part.save()
    drafts.bring_back(part=part, by=world.trainer)
    assert not rules.circle_in(drafts.needs_of(version))


def test_nothing_comes_back_where_its_place_is_gone(version, world):
    module = module_of(version)
    part = steps.remove(step=step_of(module), by=world.trainer)
    modules.remove(module=module, by=world.trainer)
    with pytest.raises(Refusal, match="ne peut plus être remis"):
        drafts.bring_back(part=part, by=world.trainer)


def test_what_was_taken_out_too_long_ago_does_not_come_back(version, world, client):
    part = steps.remove(step=step_of(module_of(version)), by=world.trainer)
    assert client.get(url("path_page", version.path_id), {"retire": part.pk}).content.decode().count("C’est retiré.")
    RemovedPart.objects.update(removed_at="2020-01-01T00:00Z")
    assert client.post(url("part_restore", part.pk)).status_code == 404


# --- A published version never changes --------------------------------------------------------------------------------
def test_no_address_changes_a_published_version(version, client, world):
    module = module_of(version)
    quiz = step_of(module, StepKind.QUIZ)
    ask = quiz.questions.create(rank=1, kind="SHORT", text="Combien ?", choices=[["12", False, ""]])
    excerpt = StepExcerpt.objects.create(step=quiz, rank=1, title="Le silence", in_s=1, out_s=2)
    document = quiz.documents.create(kind="pdf", name="fiche.pdf", size_bytes=1, sha256="0" * 64)
    publish(version)
    tried = [
        ("version_update", version.pk, {"title": "Autre", "subject": "SEVERAL"}),
        ("module_create", version.pk, MODULE),
        ("module_update", module.pk, MODULE | {"title": "Autre"}),
        *((f"module_{verb}", module.pk, {"sens": "bas"}) for verb in ("move", "remove")),
        ("step_create", module.pk, {"genre": "LOG", "title": "Autre", "text": "Autre"}),
        ("step_update", quiz.pk, {"title": "Autre", "pass_percent": "1"}),
        *((f"step_{verb}", quiz.pk, {"sens": "bas"}) for verb in ("move", "remove")),
        ("question_create", quiz.pk, {"text": "Autre", "kind": "SHORT", "choice_0": "1"}),
        ("question_update", ask.pk, {"text": "Autre", "kind": "SHORT", "choice_0": "1"}),
        *((f"question_{verb}", ask.pk, {"sens": "bas"}) for verb in ("move", "remove")),
        ("excerpt_create", quiz.pk, {"film": "0" * 32}),
        ("excerpt_update", excerpt.pk, {"title": "Autre", "in_s": "0:00", "out_s": "0:01"}),
        *((f"excerpt_{verb}", excerpt.pk, {"sens": "bas"}) for verb in ("move", "remove")),
        ("document_attach", quiz.pk, {"alt": "Autre"}),
        ("document_describe", document.pk, {"alt": "Autre"}),
        ("document_remove", document.pk, {}),
    ]
    for name, pk, typed in tried:
        assert client.post(url(name, pk), typed).status_code == 404, name
    assert (Module.objects.get().title, Step.objects.get().rank, Question.objects.get().text) == (
        "Observer",
        1,
        "Combien ?",
    )
    assert (StepExcerpt.objects.get().title, document.step.documents.count()) == ("Le silence", 1)


def test_no_action_changes_a_published_version(version, world):
    by = world.trainer
    module = module_of(version)
    quiz = step_of(module, StepKind.QUIZ)
    asked = QuestionText(QuestionKind.SHORT, "Combien ?", [Choice("12")])
    ask = contents.ask(step=quiz, excerpt=None, text=asked, by=by)
    excerpt = StepExcerpt.objects.create(step=quiz, rank=1, title="Le silence", in_s=1, out_s=2)
    document = quiz.documents.create(kind="pdf", name="fiche.pdf", size_bytes=1, sha256="0" * 64)
    removed = steps.remove(step=step_of(module, title="Retirée"), by=by)
    publish(version)
    for act in (
        lambda: paths.describe(version=version, text=PathText("Autre"), by=by),
        lambda: modules.write(version=version, module=None, text=ModuleText("Autre"), by=by),
        lambda: modules.write(version=version, module=module, text=ModuleText("Autre"), by=by),
        lambda: modules.move(module=module, place=0, by=by),
        lambda: modules.remove(module=module, by=by),
        lambda: steps.add(module=module, kind=StepKind.LOG, text=StepText("Autre"), by=by),
        lambda: steps.write(step=quiz, text=StepText("Autre"), by=by),
        lambda: steps.move(step=quiz, module=module, place=0, by=by),
        lambda: steps.remove(step=quiz, by=by),
        lambda: contents.ask(step=quiz, excerpt=None, text=asked, by=by),
        lambda: contents.ask_otherwise(question=ask, text=asked, by=by),
        lambda: contents.cut_otherwise(excerpt=excerpt, text=contents.ExcerptText("Autre", 0, 1), by=by),
        lambda: contents.describe_picture(document=document, alt="Autre", by=by),
        *(lambda part=part: contents.remove(part=part, by=by) for part in (ask, excerpt, document)),
        lambda: drafts.bring_back(part=removed, by=by),
    ):
        with pytest.raises(Refusal, match="Cette version ne change plus"):
            act()


# --- Rules ------------------------------------------------------------------------------------------------------------
@given(st.lists(st.integers(), unique=True, min_size=1), st.data(), st.integers(-3, 40))
def test_a_row_goes_to_its_place_and_the_others_keep_their_order(rows, data, place):
    row = data.draw(st.sampled_from(rows))
    found = rules.moved(rows, row, place)
    assert [one for one in found if one != row] == [one for one in rows if one != row]
    assert found.index(row) == max(0, min(place, len(rows) - 1))
