"""A session is opened, joined, dated, ended; who seems stuck is told to the tutor, and learners read who sees what."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from circo import registries
from circo.errors import Refusal
from circo.models import Notice
from circo.rules import Role
from networks.groups.rules import Stage
from networks.meetings.rules import MeetingState, Presence, Way
from networks.models import Attendance, Meeting, Membership
from tests.trainings.learners import learner, module_of, path_of, question_of, step_of
from tests.trainings.sessions import date_of, session_of, taking
from tests.world import person, post
from trainings.following import actions, queries, rules
from trainings.learning import actions as learning
from trainings.models import Enrolment, PathSession, SessionDate, SessionPresence
from trainings.paths.rules import StepKind

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 27)  # a Friday
NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)


@pytest.fixture
def version(world):
    made = path_of(world.here.district)
    module = module_of(made)
    step_of(module, title="Un")
    step_of(module, title="Deux")
    return made


@pytest.fixture
def session(world, version):
    return session_of(version, world.trainer)


def shown(client, who, session, query="") -> str:
    client.force_login(who)
    return client.get(reverse("trainings:session_page", args=[session.pk]) + query).content.decode()


def path_page(client, who, version) -> str:
    client.force_login(who)
    return client.get(reverse("trainings:path_show", args=[version.path_id])).content.decode()


def test_who_writes_in_two_districts_says_in_which_a_session_opens(world, client, version):
    post(world.trainer, Role.TRAINER, world.there.district)
    client.force_login(world.trainer)
    here, there = world.here.district, world.there.district
    page = client.get(reverse("trainings:session_new", args=[version.path_id])).content.decode()
    assert f'<option value="{here.pk}" selected>' in page
    asked = {"title": "Au printemps", "first_day": "2027-03-01", "last_day": "2027-04-01"}
    address = reverse("trainings:session_create", args=[version.path_id])
    assert client.post(address, asked | {"district": world.here.group.pk + 10**6}).status_code == 422
    assert client.post(address, asked | {"district": there.pk}).status_code == 302
    assert PathSession.objects.get().district == there


# --- Rules ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "cette semaine"),
        (4, "cette semaine"),
        (5, "la semaine dernière"),
        (11, "la semaine dernière"),
        (12, "il y a moins de deux semaines"),
        (14, "il y a moins de deux semaines"),
        (15, "il y a plus de deux semaines"),
        (31, "il y a plus de deux semaines"),
        (32, "il y a plus d’un mois"),
    ],
)
def test_a_last_visit_is_said_in_words(days, words):
    assert rules.last_visit(TODAY - timedelta(days=days), TODAY) == words


def test_who_seems_stuck_and_who_does_not():
    lately, long_ago = NOW - timedelta(days=14), NOW - timedelta(days=15)
    about = {"is_over": False, "done_last": lately, "fails": False, "now": NOW}
    assert rules.why_stuck(**about) == ""
    assert rules.why_stuck(**about | {"done_last": long_ago}) == rules.NOTHING_DONE
    assert rules.why_stuck(**about | {"fails": True}) == rules.STUCK_ON_A_QUIZ
    assert rules.why_stuck(**about | {"done_last": long_ago, "fails": True, "is_over": True}) == ""


@pytest.mark.parametrize(
    ("first", "last", "fault"),
    [(TODAY, TODAY, ""), (TODAY, date(2026, 11, 26), "Le dernier"), (TODAY, date(2028, 3, 1), "une année")],
)
def test_days_of_a_session(first, last, fault):
    assert fault in rules.fault_of_days(first, last)
    assert bool(fault) == bool(rules.fault_of_days(first, last))


# --- Open, join -------------------------------------------------------------------------------------------------------
def test_an_author_opens_a_session_and_the_group_is_told_and_nobody_is_put_in(world, client, version):
    client.force_login(world.adviser)
    day = timezone.localdate()
    form = {"title": "Au printemps", "first_day": day, "last_day": day + timedelta(days=60)}
    create = reverse("trainings:session_create", args=[version.path_id])
    assert client.post(create, form | {"last_day": day - timedelta(days=1)}).status_code == 422
    assert client.post(create, form | {"title": ""}).status_code == 422
    assert client.post(create, form | {"tutor": world.inspector.pk}).status_code == 422
    assert client.post(create, form | {"group": world.there.group.pk}).status_code == 422
    made = client.post(create, form | {"tutor": world.trainer.pk, "group": world.here.group.pk})
    session = PathSession.objects.get()
    assert made.headers["Location"] == reverse("trainings:session_page", args=[session.pk])
    assert not Enrolment.objects.exists()
    told = set(Notice.objects.filter(kind="path-sessions").values_list("person__email", flat=True))
    assert world.amina.email in told  # of the group
    assert world.trainer.email in told  # accompanies
    assert world.chloe.email not in told
    assert "Au printemps" in path_page(client, world.amina, version)
    assert "Au printemps" not in path_page(client, world.chloe, version), "of another group"


def test_a_relay_may_accompany(world, version):
    assert world.bruno not in queries.tutors([world.here.district.pk])
    Membership.objects.filter(person=world.bruno).update(stage=Stage.RELAY)
    assert world.bruno in queries.tutors([world.here.district.pk])
    assert world.bruno not in queries.tutors([world.there.district.pk])


def test_a_session_is_of_a_published_version(world, client, version):
    version.state = "ARCHIVED"
    version.save()
    client.force_login(world.adviser)
    assert client.get(reverse("trainings:session_new", args=[version.path_id])).status_code == 404
    text = actions.SessionText("Une", TODAY, TODAY)
    with pytest.raises(Refusal, match="publiée"):
        actions.open_session(version=version, district=world.here.district, text=text, by=world.adviser)
    with pytest.raises(Refusal, match="vos circonscriptions"):
        actions.open_session(version=version, district=world.there.district, text=text, by=world.adviser)


def test_who_goes_alone_may_join_and_keeps_what_was_done(world, client, version, session):
    taken = learner(world.amina, version)
    learning.read(enrolment=taken, step=version.modules.get().steps.first(), by=world.amina)
    assert "Le suivre à plusieurs" in path_page(client, world.amina, version)
    client.post(reverse("trainings:enrol", args=[version.path_id]), {"session": session.pk, "suivi": world.trainer.pk})
    taken.refresh_from_db()
    assert (taken.session, taken.followed, taken.done_steps, taken.total_steps) == (session, True, 1, 2)


def test_nobody_joins_an_ended_session(world, client, version, session):
    session = actions.end(session=session, by=world.trainer)
    assert "Au printemps" not in path_page(client, world.amina, version)
    with pytest.raises(Refusal, match="terminée"):
        learner(world.amina, version, session=session)


def test_the_lists_lead_to_sessions(world, client, version, session):
    client.force_login(world.trainer)
    assert "Les sessions que j’accompagne" in client.get(reverse("trainings:mine")).content.decode()
    listed = client.get(reverse("trainings:session_list")).content.decode()
    assert "Au printemps" in listed
    assert "Au printemps" in client.get(reverse("trainings:path_page", args=[version.path_id])).content.decode()
    client.force_login(world.amina)
    assert "Aucune session pour l’instant." in client.get(reverse("trainings:session_list")).content.decode()


# --- Following --------------------------------------------------------------------------------------------------------
def test_who_seems_stuck_is_told_and_found_alone(world, client, version, session):
    module = version.modules.get()
    quiz = step_of(module, StepKind.QUIZ, "Des questions", pass_percent=100)
    question = question_of(quiz)
    silent, failing = taking(world.amina, session), taking(world.bruno, session)
    long_ago = timezone.now() - timedelta(days=20)
    Enrolment.objects.filter(pk=silent.pk).update(started_at=long_ago, seen_at=long_ago)
    for tries in range(3):
        assert "bute sur" not in shown(client, world.trainer, session).lower(), tries
        learning.answer(enrolment=failing, step=quiz, answers={question.pk: ["0"]}, by=world.bruno)
    page = shown(client, world.trainer, session)
    assert "Rien de fait depuis deux semaines" in page
    assert "il y a plus de deux semaines" in page
    assert "Bute sur un questionnaire" in page
    assert "2 semblent avoir besoin" in page
    learning.answer(enrolment=failing, step=quiz, answers={question.pk: ["1"]}, by=world.bruno)
    page = shown(client, world.trainer, session, "?vue=bloques")
    assert str(world.amina) in page
    assert str(world.bruno) not in page


def test_the_list_is_in_alphabetical_order_and_ranks_nobody(world, client, version, session):
    first, second = taking(world.bruno, session), taking(world.amina, session)
    for step in version.modules.get().steps.all():
        learning.read(enrolment=first, step=step, by=world.bruno)
    page = shown(client, world.trainer, session)
    names = sorted([world.amina, world.bruno], key=lambda one: (one.last_name, one.first_name))
    assert page.index(str(names[0])) < page.index(str(names[1]))
    assert "Terminé" in page
    assert second.done_steps == 0


def test_the_tutor_writes_a_word_that_comes_once(world, client, session):
    taken = taking(world.amina, session)
    client.force_login(world.trainer)
    send = reverse("trainings:word_send", args=[session.pk, taken.pk])
    assert client.post(send, {"text": " "}).status_code == 422
    for _ in range(2):
        client.post(send, {"text": "Un coup de main ?"})
    told = Notice.objects.get(person=world.amina, key__startswith="word-")
    assert told.text == "Un coup de main ?"
    assert str(world.trainer) in told.title
    assert "Un coup" not in told.title


def test_a_page_of_many_costs_what_a_page_of_one_does(world, client, session):
    taking(world.amina, session)
    shown(client, world.trainer, session)
    with CaptureQueriesContext(connection) as one:
        shown(client, world.trainer, session)
    for number in range(60):
        who = person(f"one{number}@ecole.test", "Une", f"Personne {number:02d}")
        post(who, Role.TEACHER, world.here.schools[0])
        Enrolment.objects.create(
            person=who, path=session.version.path, version=session.version, session=session, followed=number != 3
        )
        date_of(session, days=1 + number % 50)
    with CaptureQueriesContext(connection) as many:
        page = shown(client, world.trainer, session)
    assert len(many) == len(one)
    assert "Page 1 sur 2" in page
    assert "60 personnes acceptent" in page
    assert "1 autre avance" in page


# --- Dates ------------------------------------------------------------------------------------------------------------
def add(client, session, day, **fields):
    form = {"day": day, "begins": "17:00", "ends": "18:30", "where": "Salle 2"} | fields
    return client.post(reverse("trainings:date_add", args=[session.pk]), form)


def events(who) -> dict[str, registries.CalendarEvent]:
    return {one.uid: one for one in queries.events(who, timezone.localdate() - timedelta(days=40))}


def test_a_date_enters_the_agenda_of_who_takes_part_and_leaves_it(world, client, session):
    taking(world.amina, session)
    client.force_login(world.trainer)
    day = timezone.localdate() + timedelta(days=10)
    assert add(client, session, day, ends="16:00").status_code == 422
    assert add(client, session, day + timedelta(days=90)).status_code == 422
    assert add(client, session, day, link="http://x.test").status_code == 422
    assert add(client, session, day).status_code == 302
    one = SessionDate.objects.get()
    uid = f"path-session-date-{one.pk}"
    for who in (world.amina, world.trainer):
        assert events(who)[uid].place == "Salle 2"
        assert "printemps" not in events(who)[uid].title
    assert events(world.bruno) == {}
    taken = list(queries.busy([world.amina.pk, world.bruno.pk, world.trainer.pk], day, day))
    assert {each.person_id for each in taken} <= {world.amina.pk, world.trainer.pk}
    removed = client.post(reverse("trainings:date_remove", args=[one.pk]), follow=True).content.decode()
    assert "La date est retirée." in removed
    gone = events(world.amina)[uid]
    assert gone.cancelled
    assert gone.sequence == 1
    client.post(reverse("trainings:date_restore", args=[one.pk]))
    assert not events(world.amina)[uid].cancelled


def test_a_morning_takes_the_half_day_of_who_takes_part(world, version, session, django_assert_num_queries):
    taking(world.amina, session)
    one = date_of(session)
    other = session_of(version, world.adviser)
    taking(world.bruno, other)
    date_of(other)
    day = timezone.localdate(one.starts_at)

    def taken(*who, queries_asked: int = 2) -> list[tuple[int, str]]:
        with django_assert_num_queries(queries_asked):
            return [(each.person_id, each.half_day.half) for each in queries.busy([one.pk for one in who], day, day)]

    assert taken(world.amina) == [(world.amina.pk, "AM")]
    assert taken(world.trainer) == [(world.trainer.pk, "AM")]
    assert taken(world.bruno, world.chloe) == [(world.bruno.pk, "AM")]
    assert taken(world.chloe, queries_asked=1) == []
    actions.end(session=session, by=world.trainer)
    assert taken(world.amina, queries_asked=1) == []
    assert events(world.amina)[f"path-session-date-{one.pk}"].cancelled


def test_a_date_keeps_the_session_around_it(world, session):
    date_of(session, days=50)
    text = actions.SessionText("Courte", session.first_day, timezone.localdate(), tutor=world.trainer)
    with pytest.raises(Refusal, match="tombe hors"):
        actions.edit(session=session, text=text, by=world.adviser)


@pytest.fixture
def meeting_step(version):
    return step_of(version.modules.get(), StepKind.MEETING, "Se retrouver")


def test_a_meeting_step_is_done_once_the_presence_is_noted(world, client, session, meeting_step):
    taken = taking(world.amina, session, followed=False)
    one, later = date_of(session, days=-1), date_of(session, days=5)
    with pytest.raises(Refusal, match="n’est pas encore notée"):
        learning.confirm(enrolment=taken, step=meeting_step, by=world.amina)
    with pytest.raises(Refusal, match="pas encore eu lieu"):
        actions.say_present(session_date=later, by=world.amina)
    client.force_login(world.amina)
    said = client.post(reverse("trainings:presence_say", args=[one.pk]), follow=True).content.decode()
    assert "Vous dites y avoir été" in said
    with pytest.raises(Refusal, match="n’est pas encore notée"):
        learning.confirm(enrolment=taken, step=meeting_step, by=world.amina)
    client.force_login(world.trainer)
    client.post(reverse("trainings:presence_save", args=[one.pk]), {"present": [taken.pk]})
    assert SessionPresence.objects.get().noted_by == world.trainer
    learning.confirm(enrolment=taken, step=meeting_step, by=world.amina)
    client.post(reverse("trainings:presence_save", args=[one.pk]), {})
    assert SessionPresence.objects.get().noted_at is None, "what the learner says stays"


@pytest.mark.parametrize(("group_of", "is_there"), [("group", True), ("other_group", False)])
def test_a_meeting_of_the_session_s_group_counts_and_no_other(world, version, meeting_step, group_of, is_there):
    session = session_of(version, world.trainer, group=world.here.group)
    taken = taking(world.amina, session)
    at = timezone.now() - timedelta(days=1)
    held = Meeting.objects.create(
        group=getattr(world.here, group_of),
        title="Une",
        state=MeetingState.HELD,
        starts_at=at,
        ends_at=at + timedelta(hours=1),
    )
    Attendance.objects.create(
        meeting=held, person=world.amina, presence=Presence.PRESENT, way=Way.LIST, confirmed_at=at
    )
    assert queries.was_at_a_date(Enrolment.objects.select_related("session").get(pk=taken.pk)) is is_there


def test_what_was_removed_too_long_ago_does_not_come_back(world, session):
    one = actions.remove_date(session_date=date_of(session), by=world.trainer)
    with time_machine.travel(timezone.now() + timedelta(hours=1)), pytest.raises(Refusal):
        actions.restore_date(session_date=one, by=world.trainer)
