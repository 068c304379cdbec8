"""A learner takes a path, does its steps, finishes it, and its hours are proposed once."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from circo.errors import Refusal
from circo.hours.recounting import Asked
from circo.hours.rules import Mode, State
from circo.models import HourEntry, Notice
from circo.rules import Role
from tests.documents import text_of
from tests.trainings.learners import (
    excerpt_of,
    learner,
    module_of,
    path_of,
    question_of,
    statement_of,
    step_of,
    version_of,
)
from tests.videos.films import film_of
from tests.videos.grids import grid_of, look_of, round_of
from tests.world import join, person, post
from trainings.contents import copy
from trainings.learning import actions, crediting, reminding
from trainings.learning.queries.looking import criteria, looks
from trainings.learning.queries.way import way
from trainings.learning.rules import Route
from trainings.models import Enrolment, ModuleRoute, QuestionAnswer, StepProgress, WatchedExcerpt
from trainings.paths.rules import StepKind, VersionState
from trainings.watching.queries import seen_of
from videos.actions import observations as observing

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(world):
    return path_of(world.here.district)


def page(client, person, version) -> str:
    client.force_login(person)
    return client.get(reverse("trainings:path_show", args=[version.path_id])).content.decode()


# --- The thin thread through all floors -------------------------------------------------------------------------------
def test_a_teacher_finds_a_path_reads_it_and_its_hours_are_proposed(world, client, version):
    step = step_of(module_of(version), text="Une **histoire** à lire.")
    client.force_login(world.amina)
    assert "Suivre à mon rythme" in page(client, world.amina, version)
    client.post(reverse("trainings:enrol", args=[version.path_id]))
    assert "Commencer" in page(client, world.amina, version)
    address = reverse("trainings:step_page", args=[version.path_id, step.pk])
    assert "<strong>histoire</strong>" in client.get(address).content.decode()
    answer = client.post(reverse("trainings:step_done", args=[version.path_id, step.pk]), follow=True)
    assert "Parcours terminé" in answer.content.decode()
    entry = HourEntry.objects.get(person=world.amina)
    assert (entry.minutes, entry.mode, entry.state) == (60, Mode.SELF_PACED, State.PROPOSED)
    assert entry.path == reverse("trainings:path_show", args=[version.path_id])
    assert Notice.objects.filter(person=world.amina, title="Vous avez terminé un parcours").count() == 1


def test_doing_it_again_counts_nothing_more(world, version):
    step = step_of(module_of(version))
    taken = learner(world.amina, version)
    for _ in range(2):
        actions.read(enrolment=taken, step=step, by=world.amina)
    assert HourEntry.objects.count() == 1
    assert learner(world.amina, version).pk == taken.pk


def test_whoever_does_not_follow_a_path_has_no_step_of_it(world, client, version):
    step = step_of(module_of(version))
    learner(world.amina, version)
    client.force_login(world.bruno)
    assert client.get(reverse("trainings:step_page", args=[version.path_id, step.pk])).status_code == 404


def test_a_path_of_another_district_is_not_there(world, client, version):
    client.force_login(world.denis)
    assert client.get(reverse("trainings:path_show", args=[version.path_id])).status_code == 404
    assert client.post(reverse("trainings:enrol", args=[version.path_id])).status_code == 404


# --- Quiz -------------------------------------------------------------------------------------------------------------
@pytest.fixture
def quiz(version):
    step = step_of(module_of(version), StepKind.QUIZ, "Des questions", pass_percent=100)
    question_of(step)
    return step


def answer_quiz(client, version, quiz, rank):
    question = quiz.questions.get()
    address = reverse("trainings:answer", args=[version.path_id, quiz.pk])
    return client.post(address, {f"q{question.pk}": rank}, follow=True)


def test_a_wrong_answer_says_so_and_may_be_given_again(world, client, version, quiz):
    taken = learner(world.amina, version)
    client.force_login(world.amina)
    said = answer_quiz(client, version, quiz, "0").content.decode()
    assert "À revoir" in said
    assert "Recomptez." in said
    assert "Réponse attendue" not in said
    assert not StepProgress.objects.get(enrolment=taken).done_at
    assert "Réussi" in answer_quiz(client, version, quiz, "1").content.decode()
    assert QuestionAnswer.objects.get(enrolment=taken).tries == 2


def test_an_answer_that_was_not_offered_is_refused(world, client, version, quiz):
    learner(world.amina, version)
    client.force_login(world.amina)
    response = answer_quiz(client, version, quiz, "7")
    assert response.status_code == 422
    assert "Choisissez parmi les réponses proposées." in response.content.decode()


def test_things_are_put_in_order_without_any_gesture(world, client, version):
    step = step_of(module_of(version), StepKind.QUIZ, pass_percent=100)
    question = question_of(step, kind="ORDER", choices=[["un", False, ""], ["deux", False, ""], ["trois", False, ""]])
    learner(world.amina, version)
    client.force_login(world.amina)
    address, name = reverse("trainings:answer", args=[version.path_id, step.pk]), f"q{question.pk}"
    twice = client.post(address, {f"{name}_0": "1", f"{name}_1": "1", f"{name}_2": "2"})
    assert "Donnez une place différente" in twice.content.decode()
    client.post(address, {f"{name}_{rank}": str(rank + 1) for rank in range(3)})
    assert QuestionAnswer.objects.get().answer == ["0", "1", "2"]
    assert StepProgress.objects.get().done_at


# --- Log, film, watching ----------------------------------------------------------------------------------------------
def test_a_log_is_read_by_its_writer_alone(world, client, version):
    step = step_of(module_of(version), StepKind.LOG, "Mon journal")
    learner(world.amina, version)
    client.force_login(world.amina)
    client.post(reverse("trainings:write", args=[version.path_id, step.pk]), {"text": "J’ai essayé."})
    address = reverse("trainings:step_page", args=[version.path_id, step.pk])
    assert "J’ai essayé." in client.get(address).content.decode()
    client.force_login(world.adviser)
    assert client.get(address).status_code == 404


def test_only_one_s_own_film_is_deposited(world, client, version):
    step = step_of(module_of(version), StepKind.DEPOSIT)
    mine, other = film_of(world.amina, world.here.group), film_of(world.bruno, world.here.group)
    learner(world.amina, version)
    client.force_login(world.amina)
    address = reverse("trainings:deposit", args=[version.path_id, step.pk])
    assert client.post(address, {"film": other.pk}).status_code == 422
    client.post(address, {"film": mine.pk})
    assert StepProgress.objects.get().film == mine


def test_watching_is_done_once_enough_was_played(world, version):
    step = step_of(module_of(version), StepKind.WATCH)
    excerpt = excerpt_of(step, film_of(world.bruno, world.here.group))
    taken = learner(world.amina, version)
    with pytest.raises(Refusal, match="Il reste à regarder"):
        actions.confirm(enrolment=taken, step=step, by=world.amina)
    WatchedExcerpt.objects.create(enrolment=taken, excerpt=excerpt, seconds=9.5)
    actions.confirm(enrolment=taken, step=step, by=world.amina)
    assert StepProgress.objects.get().done_at


def test_an_excerpt_that_says_to_end_after_its_film_is_watched_as_the_player_says(world, version):
    step = step_of(module_of(version), StepKind.WATCH)
    excerpt = excerpt_of(step, film_of(world.bruno, world.here.group, duration_s=9.5), out_s=10.4)
    taken = learner(world.amina, version)
    WatchedExcerpt.objects.create(enrolment=taken, excerpt=excerpt, seconds=8.6)
    assert seen_of(taken, [excerpt])[excerpt.pk].is_watched
    actions.confirm(enrolment=taken, step=step, by=world.amina)
    assert StepProgress.objects.get().done_at


def test_the_player_stops_for_a_question_that_is_answered_where_it_stands(world, client, version):
    step = step_of(module_of(version), StepKind.WATCH)
    excerpt = excerpt_of(step, film_of(world.bruno, world.here.group))
    question = question_of(step, excerpt=excerpt, at_s=4)
    learner(world.amina, version)
    client.force_login(world.amina)
    shown = client.get(reverse("trainings:step_page", args=[version.path_id, step.pk])).content.decode()
    assert 'data-arret="4.0"' in shown
    assert 'name="token"' in shown
    address, part = reverse("trainings:answer", args=[version.path_id, step.pk]), {"HX-Request": "true"}
    wrong = client.post(address, {"question": question.pk}, headers=part)
    assert wrong.status_code == 422
    assert "Choisissez une réponse." in wrong.content.decode()
    whole = client.post(address, {"question": question.pk})  # without a script
    assert whole.status_code == 422
    assert "<html" in whole.content.decode()
    assert "Choisissez une réponse." in whole.content.decode()
    assert client.post(address, {"question": question.pk + 1}).status_code == 422  # asked by no step
    right = client.post(address, {"question": question.pk, f"q{question.pk}": "1"}, headers=part).content.decode()
    assert "Juste" in right
    assert "<html" not in right


def test_a_film_outside_its_circle_seals_the_step_and_nobody_is_asked_for_it(world, client, version):
    module = module_of(version)
    step_of(module)
    sealed = step_of(module, StepKind.WATCH, "Un film du groupe")
    excerpt_of(sealed, film_of(world.bruno, world.here.group))
    outside = world.chloe
    taken = learner(outside, version)
    client.force_login(outside)
    shown = client.get(reverse("trainings:step_page", args=[version.path_id, sealed.pk])).content.decode()
    assert "n’est plus visible pour vous" in shown
    assert "master.m3u8" not in shown
    actions.read(enrolment=taken, step=module.steps.first(), by=outside)
    assert Enrolment.objects.get().completed_at


# --- Route ------------------------------------------------------------------------------------------------------------
def test_a_module_that_is_known_is_proved_by_its_quiz_and_gives_no_hours(world, client, version):
    known, other = module_of(version, "Déjà vu"), module_of(version, "Nouveau", minutes=45)
    proof = step_of(known, StepKind.QUIZ, pass_percent=100, proves_module=True)
    question = question_of(proof)
    step_of(known)
    reading, statement = step_of(other), statement_of(known)
    taken = learner(world.amina, version)
    client.force_login(world.amina)
    client.post(reverse("trainings:assess", args=[version.path_id]), {f"s{statement.pk}": "3"})
    assert "0 étape sur 2" in page(client, world.amina, version)
    assert "0 étape faite, sur 2" in client.get(reverse("trainings:mine")).content.decode()  # the list says the same
    assert ModuleRoute.objects.get(module=known).route == Route.KNOWN
    actions.read(enrolment=taken, step=reading, by=world.amina)
    taken.refresh_from_db()
    assert taken.completed_at is None
    actions.answer(enrolment=taken, step=proof, answers={question.pk: ["1"]}, by=world.amina)
    taken.refresh_from_db()
    assert taken.completed_at
    assert taken.credited_minutes == 45


def test_a_module_waits_for_the_one_before(world, version):
    first, second = module_of(version, "D’abord"), module_of(version, "Ensuite")
    second.needs.add(first)
    before, after = step_of(first), step_of(second)
    taken = learner(world.amina, version)
    with pytest.raises(Refusal, match="Terminez d’abord «\u00a0D’abord\u00a0»"):
        actions.read(enrolment=taken, step=after, by=world.amina)
    actions.read(enrolment=taken, step=before, by=world.amina)
    actions.read(enrolment=taken, step=after, by=world.amina)


def test_what_the_author_asks_for_cannot_be_left_aside(world, version):
    module = module_of(version)
    taken = learner(world.amina, version)
    with pytest.raises(Refusal, match="ne peut pas être laissé de côté"):
        actions.choose(enrolment=taken, module=module, route=Route.OPTIONAL, by=world.amina)


# --- Versions ---------------------------------------------------------------------------------------------------------
def test_what_stayed_the_same_stays_done_in_the_next_version(world, client, version):
    module = module_of(version)
    same, changed, log = step_of(module, title="Pareil"), step_of(module, title="Avant"), step_of(module, StepKind.LOG)
    taken = learner(world.amina, version)
    for step in (same, changed):
        actions.read(enrolment=taken, step=step, by=world.amina)
    version.state = VersionState.REPLACED
    version.save()
    newer = version_of(version.path, number=2, title=version.title)
    copy(version, newer)
    newer.modules.get().steps.filter(title="Avant").update(title="Après")
    assert "Une nouvelle version" in page(client, world.amina, version)
    actions.move_to_current(enrolment=taken, by=world.amina)
    steps = {one.step.title: one.is_done for one in way(newer, world.amina, taken).modules[0].steps}
    assert steps == {"Pareil": True, "Après": False, log.title: False}
    assert StepProgress.objects.filter(step=changed).exists()  # what was done there is not lost


def test_a_film_that_was_erased_since_makes_nobody_watch_the_others_again(world, version):
    module = module_of(version)
    step, _ = step_of(module, StepKind.WATCH), step_of(module)
    erased, kept = (film_of(world.bruno, world.here.group) for _ in range(2))
    for film in (erased, kept):
        excerpt_of(step, film)
    taken = learner(world.amina, version)
    for excerpt in step.excerpts.all():
        WatchedExcerpt.objects.create(enrolment=taken, excerpt=excerpt, seconds=9.5)
    actions.confirm(enrolment=taken, step=step, by=world.amina)
    erased.delete()
    version.state = VersionState.REPLACED
    version.save()
    newer = version_of(version.path, number=2, title=version.title)
    copy(version, newer)
    actions.move_to_current(enrolment=taken, by=world.amina)
    assert way(newer, world.amina, taken).done == 1


def test_who_goes_on_in_the_former_version_still_finishes_it(world, version):
    step = step_of(module_of(version))
    taken = learner(world.amina, version)
    version.state = VersionState.REPLACED
    version.save()
    actions.read(enrolment=taken, step=step, by=world.amina)
    assert HourEntry.objects.count() == 1


# --- Rhythm -----------------------------------------------------------------------------------------------------------
def test_a_reminder_comes_on_the_day_chosen_once(world, client, version):
    step_of(module_of(version))
    taken = learner(world.amina, version)
    client.force_login(world.amina)
    client.post(
        reverse("trainings:wishes_save", args=[version.path_id]),
        {"goals": "Oser lire", "weekly_minutes": "30", "reminder_day": "TUE"},
    )
    taken.refresh_from_db()
    assert (taken.goals, taken.weekly_minutes, taken.reminder_day) == ("Oser lire", 30, "TUE")
    tuesday = date(2026, 12, 1)
    assert [reminding.remind(tuesday), reminding.remind(tuesday), reminding.remind(tuesday + timedelta(1))] == [1, 0, 0]


def test_who_left_comes_back_to_all_that_was_done(world, client, version):
    module = module_of(version)
    first, _ = step_of(module), step_of(module)
    taken = learner(world.amina, version)
    actions.read(enrolment=taken, step=first, by=world.amina)
    client.force_login(world.amina)
    client.post(reverse("trainings:leave", args=[version.path_id]))
    with pytest.raises(Refusal, match="reprenez-le d’abord"):
        actions.read(enrolment=taken, step=first, by=world.amina)
    client.post(reverse("trainings:come_back", args=[version.path_id]))
    assert "1 étape sur 2" in page(client, world.amina, version)


def test_a_step_that_is_not_of_the_path_is_not_there(world, client, version):
    other = step_of(module_of(path_of(world.here.district, "Un autre")))
    learner(world.amina, version)
    client.force_login(world.amina)
    assert client.get(reverse("trainings:step_page", args=[version.path_id, other.pk])).status_code == 404


# --- Certificate ------------------------------------------------------------------------------------------------------
def test_a_finished_path_has_a_certificate_that_anybody_may_check(world, client, version):
    step = step_of(module_of(version, aim="Choisir un livre."))
    taken = learner(world.amina, version)
    client.force_login(world.amina)
    address = reverse("trainings:certificate", args=[version.path_id])
    assert client.get(address).status_code == 404
    actions.read(enrolment=taken, step=step, by=world.amina)
    assert "Mon attestation" in page(client, world.amina, version)
    pdf = client.get(address)
    assert pdf.headers["Content-Type"] == "application/pdf"
    text = text_of(pdf.content)
    assert "Attestation de formation" in text
    assert "Lire des histoires" in text
    assert "1\u00a0h" in text
    assert "livre." not in text  # objectives are listed: none ends with a full stop
    taken.refresh_from_db()
    client.logout()
    told = client.get(reverse("documents:verify_document", args=[taken.certificate.code])).content.decode()
    assert "Amina Petit" in told
    client.force_login(world.bruno)
    assert client.get(address).status_code == 404


def test_accounts_that_are_replayed_say_the_same_of_a_path(world, version):
    step = step_of(module_of(version))
    actions.read(enrolment=learner(world.amina, version), step=step, by=world.amina)
    year = world.year
    asked = Asked(world.here.district.pk, [world.amina.pk, world.bruno.pk], year.first_day, year.last_day)
    (claim,) = crediting.claims(asked)
    entry = HourEntry.objects.get()
    assert (claim.source, claim.minutes, claim.on) == (entry.source, entry.minutes, entry.on)


# --- Grid -------------------------------------------------------------------------------------------------------------
@pytest.fixture
def looking(world, version):
    """A step with a grid on a film of the group, and its author's own look."""
    grid = grid_of(world.bruno)
    film = film_of(world.bruno, world.here.group)
    step = step_of(module_of(version), StepKind.GRID, "Regarder avec une grille", grid=grid)
    excerpt_of(step, film)
    made = round_of(film, grid, world.bruno)
    step.expert = look_of(made, world.bruno)
    step.save()
    return step


NUMBERED = ("COUNTER", "SCALE", "YES_NO")


def said_of(step) -> dict[str, str]:
    """A first answer to each criterion, as a browser sends it."""
    return {f"c{one.pk}": "1" if one.kind in NUMBERED else "Un silence" for one in criteria(step)}


def test_a_grid_is_filled_then_read_beside_its_author_s(world, client, version, looking):
    counter = next(one for one in criteria(looking) if one.kind == "COUNTER")
    observing.note(observation=looking.expert, criterion=counter, at_s=2, by=world.bruno, key=uuid4())
    taken = learner(world.amina, version)
    client.force_login(world.amina)
    address = reverse("trainings:step_page", args=[version.path_id, looking.pk])
    assert "qui a écrit le parcours" not in client.get(address).content.decode(), "blind first"
    post = reverse("trainings:observe", args=[version.path_id, looking.pk])
    assert client.post(post, {}).status_code == 422
    assert client.post(post, said_of(looking)).status_code == 302
    assert StepProgress.objects.get(enrolment=taken).done_at
    assert "qui a écrit le parcours" in client.get(address).content.decode()
    look = next(one for one in looks(taken, looking) if one.criterion == counter)
    assert (look.mine, look.expert) == ("1", ["1"])


def test_others_are_told_together_once_they_are_several(world, version, looking):
    taken = learner(world.amina, version)
    numbers = {one.pk: 1 if one.kind in NUMBERED else "" for one in criteria(looking)}
    actions.observe(enrolment=taken, step=looking, answers=numbers, by=world.amina)
    for count, name in enumerate(("a", "b", "c"), 1):
        other = person(f"{name}@ecole.test", name, "Autre")
        post(other, Role.TEACHER, world.here.schools[0])
        join(other, world.here.group)
        actions.observe(enrolment=learner(other, version), step=looking, answers=numbers, by=other)
        told = any(look.others for look in looks(taken, looking))
        assert told is (count >= 3)
