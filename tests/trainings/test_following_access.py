"""How far a learner is: read by the tutor of the session alone, for as long as the learner agrees."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Notice, Person, Posting
from circo.rules import Role
from tests.trainings.learners import module_of, path_of, step_of
from tests.trainings.sessions import date_of, session_of, taking
from tests.world import post
from trainings.following import actions, queries
from trainings.following.actions import SessionText
from trainings.learning import actions as learning
from trainings.models import Enrolment, PathSession

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(world):
    made = path_of(world.here.district)
    module = module_of(made)
    step_of(module, title="Un")
    step_of(module, title="Deux")
    return made


@pytest.fixture
def session(world, version):
    return session_of(version, world.trainer, group=world.here.group)


@pytest.fixture
def followed(world, session) -> Enrolment:
    return taking(world.amina, session)


def page(client, person, session, query=""):
    client.force_login(person)
    return client.get(reverse("trainings:session_page", args=[session.pk]) + query)


def is_shown(client, person, session, learner) -> bool:
    answer = page(client, person, session)
    return answer.status_code == 200 and str(learner) in answer.content.decode()


def test_the_tutor_sees_how_far_those_are_who_agree_and_counts_the_others(world, client, session, followed):
    taking(world.bruno, session, followed=False)
    learning.read(enrolment=followed, step=session.version.modules.get().steps.first(), by=world.amina)
    shown = page(client, world.trainer, session).content.decode()
    assert str(world.amina) in shown
    assert "1 étape sur 2" in shown
    assert "cette semaine" in shown
    assert str(world.bruno) not in shown, "the canary: without `followed=True` he is there"
    assert "1 autre avance sans être suivi" in shown


def test_nothing_of_what_one_writes_or_answers_is_read(world, client, session, followed):
    followed.goals = "Mes attentes secrètes"
    followed.save()
    assert "secrètes" not in page(client, world.trainer, session).content.decode()
    row = queries.followed_learners(session, world.trainer).get()
    assert row.get_deferred_fields() >= {"goals", "weekly_minutes", "reminder_day", "last_step_id"}


@pytest.mark.parametrize("who", ["adviser", "inspector", "bruno", "superuser", "secretary", "departement"])
def test_nobody_else_reads_it_whatever_the_role(world, client, session, followed, who):
    assert not is_shown(client, world.people[who], session, world.amina)
    assert not Enrolment.objects.followed_by(world.people[who]).exists()
    word = reverse("trainings:word_new", args=[session.pk, followed.pk])
    assert client.get(word).status_code == 404


def test_the_tutor_of_another_session_does_not_read_it(world, client, version, session, followed):
    other = session_of(version, world.adviser)
    taking(world.bruno, other)
    assert is_shown(client, world.adviser, other, world.bruno)
    assert not is_shown(client, world.adviser, session, world.amina)
    assert [one.person for one in Enrolment.objects.followed_by(world.adviser)] == [world.bruno]
    mixed = reverse("trainings:word_new", args=[other.pk, followed.pk])
    assert client.get(mixed).status_code == 404


def test_an_inspector_named_by_mistake_reads_nothing(world, client, version, session, followed):
    PathSession.objects.filter(pk=session.pk).update(tutor=world.inspector)
    assert not is_shown(client, world.inspector, session, world.amina)
    post(world.inspector, Role.ADVISER, world.here.district)  # both roles there: still judges
    again = Person.objects.get(pk=world.inspector.pk)
    assert not Enrolment.objects.followed_by(again).exists()
    text = SessionText("Une", timezone.localdate(), timezone.localdate(), tutor=again)
    with pytest.raises(Refusal, match="Choisissez qui accompagne"):
        actions.open_session(version=version, district=world.here.district, text=text, by=world.adviser)


def test_an_agreement_withdrawn_hides_at_once_and_may_be_given_again(world, client, session, followed):
    address = reverse("trainings:follow", args=[session.version.path_id])
    assert is_shown(client, world.trainer, session, world.amina)
    client.force_login(world.amina)
    shown = client.post(address, {"suivi": "non"}, follow=True).content.decode()
    assert "Personne ne voit où vous en êtes." in shown
    assert not is_shown(client, world.trainer, session, world.amina)
    client.force_login(world.amina)
    assert (
        "voit ce que vous avez fait" in client.post(address, {"suivi": world.trainer.pk}, follow=True).content.decode()
    )
    assert is_shown(client, world.trainer, session, world.amina)


def test_nobody_agrees_for_another(world, client, session, followed):
    client.force_login(world.trainer)
    assert client.post(reverse("trainings:follow", args=[session.version.path_id]), {"suivi": 1}).status_code == 404
    with pytest.raises(Refusal):
        actions.agree(enrolment=followed, tutor_id=world.trainer.pk, by=world.trainer)


def test_who_leaves_the_path_is_followed_no_more(world, client, session, followed):
    learning.leave(enrolment=followed, by=world.amina)
    assert not is_shown(client, world.trainer, session, world.amina)
    learning.come_back(enrolment=followed, by=world.amina)
    assert not is_shown(client, world.trainer, session, world.amina), "to come back is not to agree again"


def test_an_ended_session_shows_nobody_until_it_is_taken_up_again(world, client, session, followed):
    client.force_login(world.trainer)
    ended = client.post(reverse("trainings:session_end", args=[session.pk]), follow=True).content.decode()
    assert "La session est terminée." in ended
    assert not is_shown(client, world.trainer, session, world.amina)
    client.post(reverse("trainings:session_reopen", args=[session.pk]))
    assert is_shown(client, world.trainer, session, world.amina)


def test_a_tutor_who_has_left_the_district_reads_nothing(world, client, session, followed):
    Posting.objects.filter(person=world.trainer).update(ends_on=timezone.localdate() - timedelta(days=1))
    assert page(client, Person.objects.get(pk=world.trainer.pk), session).status_code == 404


def test_another_tutor_asks_for_another_agreement(world, client, session, followed):
    form = {"title": "Au printemps", "first_day": session.first_day, "last_day": session.last_day}
    client.force_login(world.adviser)
    edited = client.post(
        reverse("trainings:session_update", args=[session.pk]),
        form | {"tutor": world.adviser.pk, "group": world.here.group.pk},
    )
    assert edited.status_code == 302
    assert not is_shown(client, world.adviser, session, world.amina)
    followed.refresh_from_db()
    assert not followed.followed
    assert Notice.objects.filter(person=world.amina, title__contains="accompagnement").exists()


def test_a_page_that_named_the_former_tutor_gives_nothing_to_the_new_one(world, client, version, session, followed):
    """The canary: without the comparison, who was never named on the page reads how far one is."""
    text = SessionText(session.title, session.first_day, session.last_day, tutor=world.adviser)
    actions.edit(session=session, text=text, by=world.adviser)
    client.force_login(world.amina)
    agreed = client.post(reverse("trainings:follow", args=[version.path_id]), {"suivi": world.trainer.pk}, follow=True)
    assert "a changé" in agreed.content.decode()
    enrol = reverse("trainings:enrol", args=[version.path_id])
    client.force_login(world.bruno)
    assert client.post(enrol, {"session": session.pk, "suivi": world.trainer.pk}).status_code == 302
    assert Enrolment.objects.get(person=world.bruno).session == session
    learning.enrol(path=version.path, session=session, followed=True, by=world.bruno)  # as its page read it
    assert not Enrolment.objects.filter(followed=True).exists()
    assert not Enrolment.objects.followed_by(world.adviser).exists()


def test_presences_of_those_who_are_not_followed_and_say_nothing_stay_unknown(world, client, session, followed):
    silent = taking(world.bruno, session, followed=False)
    one = date_of(session, days=-2)
    address = reverse("trainings:presence_list", args=[one.pk])
    client.force_login(world.trainer)
    shown = client.get(address).content.decode()
    assert str(world.amina) in shown
    assert str(world.bruno) not in shown
    save = reverse("trainings:presence_save", args=[one.pk])
    assert client.post(save, {"present": [silent.pk]}).status_code == 422
    actions.note_presences(session_date=one, present=[silent.pk], by=world.trainer)
    assert not one.presences.exists()
    client.force_login(world.bruno)
    client.post(reverse("trainings:presence_say", args=[one.pk]))
    client.force_login(world.trainer)
    assert "dit y avoir été" in client.get(address).content.decode()
    for who in (world.adviser, world.inspector):
        client.force_login(who)
        assert client.get(address).status_code == 404
