"""Invitations, requests, and every other move, through the pages: who may, what is said, who is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Notice, Posting
from circo.rules import Role
from networks.groups import actions, dated, rules
from networks.groups.rules import Origin, Stage, Standing, Verb
from networks.models import Candidate, CareerMeeting, Membership, MembershipMove
from tests.world import join, person, post


def address(name: str, *args) -> str:
    return reverse(f"networks:{name}", args=args)


def move(client, membership, verb: Verb, why: str = ""):
    return client.post(address("membership_move", membership.pk), {"verb": verb, "why": why})


def invite(client, group, who, **fields):
    data = {"person": who.pk, "stage": "FIRST_YEAR", "origin": "INVITED", "word": "", **fields}
    return client.post(address("invitation_create", group.pk), data)


@pytest.fixture
def invited(world):
    """Chloé, invited into the group of Amina and Bruno."""
    return actions.invite(person=world.chloe, group=world.here.group, by=world.adviser, word="Viens voir.")


def test_an_invitation_is_sent_told_and_accepted(world, sign_in):
    answer = invite(sign_in(world.adviser), world.here.group, world.chloe, word="Venez essayer.")
    assert answer.status_code == 302
    made = world.chloe.memberships.get(group=world.here.group)
    assert (made.standing, made.origin) == (Standing.INVITED, Origin.INVITED)
    notice = Notice.objects.get(person=world.chloe, kind="groups")
    assert world.here.group.name in notice.title
    assert "essayer" not in notice.title  # what is typed does not leave by e-mail
    client = sign_in(world.chloe)
    assert "Répondre à l’invitation" in client.get("/").content.decode()
    assert client.get(address("group_page", world.here.group.pk)).status_code == 404  # not yet of the group
    page = client.get(notice.path).content.decode()
    assert "Accepter l’invitation" in page
    assert "Venez essayer." in page
    assert move(client, made, Verb.ACCEPT).status_code == 302
    assert client.get(address("group_page", world.here.group.pk)).status_code == 200
    assert Notice.objects.filter(person=world.inspector, title__startswith="Chloé Petit accepte").exists()
    assert "Répondre à l’invitation" not in client.get("/").content.decode()


def test_every_move_says_who_when_and_why(world, invited):
    before = timezone.now()
    actions.move(membership=invited, verb=Verb.DECLINE, by=world.chloe, why="  Pas cette année. ")
    last = invited.moves.order_by("-pk").first()
    assert (last.verb, last.by, last.why) == (Verb.DECLINE, world.chloe, "Pas cette année.")
    assert (last.from_standing, last.to_standing) == (Standing.INVITED, Standing.DECLINED)
    assert before <= last.at <= timezone.now()


def test_an_invitation_that_was_withdrawn_or_is_too_old_says_so(world, sign_in, invited):
    client = sign_in(world.chloe)
    MembershipMove.objects.update(at=timezone.now() - timedelta(days=rules.INVITATION_DAYS, minutes=1))
    answer = move(client, invited, Verb.ACCEPT)
    assert answer.status_code == 422
    assert "elle a expiré" in answer.content.decode()
    assert dated.expire_invitations() == 1
    assert dated.expire_invitations() == 0
    invited.refresh_from_db()
    assert invited.standing == Standing.EXPIRED
    assert Notice.objects.filter(person=world.chloe, title__contains="a expiré").exists()
    again = actions.invite(person=world.chloe, group=world.here.group, by=world.adviser)
    assert again.pk == invited.pk
    actions.move(membership=again, verb=Verb.WITHDRAW, by=world.adviser)
    answer = move(client, invited, Verb.ACCEPT, why="Oui, avec joie")
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "a été retirée" in body
    assert not Membership.objects.in_force().filter(person=world.chloe, group=world.here.group).exists()


def test_a_fresh_invitation_does_not_expire(world, invited):
    assert dated.expire_invitations() == 0


def test_a_request_waits_for_the_team_and_is_admitted(world, sign_in):
    client = sign_in(world.chloe)
    assert world.here.group.name in client.get(address("group_browse")).content.decode()
    answer = client.post(address("group_request", world.here.group.pk), {"word": "La lecture m’intéresse."})
    assert answer.status_code == 302
    made = world.chloe.memberships.get(group=world.here.group)
    assert (made.standing, made.origin) == (Standing.REQUESTED, Origin.VOLUNTEER)
    assert client.get(address("group_page", world.here.group.pk)).status_code == 404
    assert move(client, made, Verb.ADMIT).status_code == 422  # nobody admits oneself
    world.here.group.adviser = world.adviser
    world.here.group.save()
    team = sign_in(world.adviser)
    assert "demande à rejoindre" in team.get("/").content.decode()
    assert "La lecture m’intéresse." in team.get(address("membership_page", made.pk)).content.decode()
    assert move(team, made, Verb.ADMIT).status_code == 302
    assert Membership.objects.in_force().filter(pk=made.pk).exists()
    assert Notice.objects.filter(person=world.chloe, title__startswith="Bienvenue").exists()


def test_asking_twice_asks_once_and_a_no_is_not_asked_again(world, sign_in):
    client = sign_in(world.chloe)
    ask = address("group_request", world.here.group.pk)
    assert client.post(ask, {"word": "Oui"}).status_code == 302
    answer = client.post(ask, {"word": "Encore moi"})
    assert answer.status_code == 422
    assert "Une demande attend sa réponse." in answer.content.decode()
    assert "Encore moi" in answer.content.decode()
    made = world.chloe.memberships.get(group=world.here.group)
    actions.move(membership=made, verb=Verb.REFUSE, by=world.inspector, why="Le groupe est complet.")
    answer = client.post(ask, {"word": "Encore moi"})
    assert "n’a pas été retenue" in answer.content.decode()
    assert actions.invite(person=world.chloe, group=world.here.group, by=world.inspector).standing == Standing.INVITED


def test_one_does_not_ask_everywhere_at_once(world):
    groups = [world.here.network.groups.create(name=f"G{number}") for number in range(rules.REQUESTS_MOST + 1)]
    for group in groups[:-1]:
        actions.request(group=group, by=world.chloe)
    with pytest.raises(Refusal, match="attendent déjà une réponse"):
        actions.request(group=groups[-1], by=world.chloe)
    first = world.chloe.memberships.get(group=groups[0])
    actions.move(membership=first, verb=Verb.CANCEL, by=world.chloe)
    assert actions.request(group=groups[-1], by=world.chloe).standing == Standing.REQUESTED


def test_a_word_too_long_is_answered_near_it_and_kept(world, sign_in):
    word = "a" * (rules.WORD_MOST + 1)
    answer = sign_in(world.chloe).post(address("group_request", world.here.group.pk), {"word": word})
    assert answer.status_code == 422
    assert "raccourcissez" in answer.content.decode()
    assert word in answer.content.decode()


@pytest.mark.parametrize("who", ["inspector", "adviser", "deactivated", "denis", "former", "student"])
def test_whom_no_group_takes(world, who):
    with pytest.raises(Refusal):
        actions.invite(person=getattr(world, who), group=world.here.group, by=world.inspector)
    assert not getattr(world, who).memberships.filter(group=world.here.group).exists()


def test_who_will_inspect_next_year_is_invited_nowhere(world):
    post(world.chloe, Role.INSPECTOR, world.there.district, starts_on=timezone.localdate() + timedelta(days=30))
    with pytest.raises(Refusal, match="on n’y évalue personne"):
        actions.invite(person=world.chloe, group=world.here.group, by=world.inspector)


def test_only_the_inspector_calls_a_relay(world, sign_in):
    answer = invite(sign_in(world.adviser), world.here.group, world.chloe, stage="RELAY")
    assert answer.status_code == 422
    assert "appeler un relais" in answer.content.decode()
    assert invite(sign_in(world.inspector), world.here.group, world.chloe, stage="RELAY").status_code == 302


def test_one_s_own_membership_is_moved_by_one_s_own_hand_only(world, sign_in):
    """An adviser who is a member neither admits, resumes nor promotes oneself."""
    post(world.adviser, Role.TEACHER, world.here.schools[0])
    own = join(world.adviser, world.here.group)
    client = sign_in(world.adviser)
    assert move(client, own, Verb.GRANT_LEAVE).status_code == 422
    assert move(client, own, Verb.PAUSE).status_code == 302
    answer = move(client, own, Verb.RESUME)
    assert answer.status_code == 422
    assert "C’est à l’équipe" in answer.content.decode()
    own.refresh_from_db()
    assert own.standing == Standing.PAUSED


def test_pause_then_return_takes_the_same_stage_and_the_circle_follows(world, sign_in):
    mine = world.bruno.memberships.get()
    Membership.objects.filter(pk=mine.pk).update(stage=Stage.SECOND_YEAR)
    assert move(sign_in(world.bruno), mine, Verb.PAUSE, "Un bébé arrive.").status_code == 302
    client = sign_in(world.bruno)
    assert client.get(address("group_page", world.here.group.pk)).status_code == 404
    assert client.get(address("membership_page", mine.pk)).status_code == 200
    actions.move(membership=mine, verb=Verb.RESUME, by=world.adviser)
    mine.refresh_from_db()
    assert (mine.stage, mine.standing) == (Stage.SECOND_YEAR, Standing.ACTIVE)


def test_leaving_has_its_day_and_can_be_taken_back_by_the_team(world):
    mine = world.bruno.memberships.get()
    gone = actions.move(membership=mine, verb=Verb.LEAVE, by=world.bruno)
    assert gone.left_on == timezone.localdate()
    back = actions.move(membership=mine, verb=Verb.COME_BACK, by=world.adviser)
    assert (back.standing, back.left_on) == (Standing.ACTIVE, None)


def test_decisions_of_the_inspector_are_not_the_adviser_s(world, sign_in):
    mine = world.bruno.memberships.get()
    answer = move(sign_in(world.adviser), mine, Verb.PROMOTE)
    assert "C’est à l’inspecteur" in answer.content.decode()
    assert move(sign_in(world.inspector), mine, Verb.PROMOTE).status_code == 302
    mine.refresh_from_db()
    assert mine.stage == Stage.SECOND_YEAR
    with pytest.raises(Refusal, match="avec les vœux"):
        actions.move(membership=mine, verb=Verb.ADVANCE, by=world.inspector)


def test_a_page_offers_the_moves_of_the_table_and_no_other(world, sign_in):
    mine = world.bruno.memberships.get()
    shown = {
        name: {verb for verb in Verb if f'value="{verb}"' in sign_in(who).get(mine_page).content.decode()}
        for name, who, mine_page in (
            (name, getattr(world, name), address("membership_page", mine.pk))
            for name in ("bruno", "adviser", "inspector")
        )
    }
    assert shown == {
        "bruno": {Verb.PAUSE, Verb.LEAVE},
        "adviser": {Verb.PAUSE, Verb.GRANT_LEAVE, Verb.LEAVE, Verb.MOVE_AWAY},
        "inspector": {Verb.PAUSE, Verb.GRANT_LEAVE, Verb.LEAVE, Verb.MOVE_AWAY, Verb.PROMOTE},
    }


def test_the_database_holds_one_row_a_person_group_and_year(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        join(world.bruno, world.here.group)


def test_companion_of_a_second_year(world, sign_in):
    mine = world.bruno.memberships.get()
    save = address("membership_companion", mine.pk)
    client = sign_in(world.adviser)
    assert client.post(save, {"companion": world.trainer.pk}).status_code == 422  # a first year
    Membership.objects.filter(pk=mine.pk).update(stage=Stage.SECOND_YEAR)
    assert client.post(save, {"companion": world.adviser_there.pk}).status_code == 422
    assert client.post(save, {"companion": world.trainer.pk}).status_code == 302
    mine.refresh_from_db()
    assert mine.accompanied_by == world.trainer
    assert Notice.objects.filter(person=world.trainer, title__contains="Vous accompagnez Bruno Petit").exists()
    assert "accompagnée par" in sign_in(world.bruno).get(address("membership_page", mine.pk)).content.decode()


def test_who_moved_to_another_district_is_no_longer_a_member_and_is_a_candidate_there(world):
    mine = world.bruno.memberships.get()
    assert dated.note_movers() == 0
    today = timezone.localdate()
    Posting.objects.filter(person=world.bruno).update(ends_on=today - timedelta(days=1))
    assert dated.note_movers() == 0  # nowhere yet: nobody knows
    post(world.bruno, Role.TEACHER, world.there.schools[0], starts_on=today)
    assert dated.note_movers() == 1
    assert dated.note_movers() == 0
    mine.refresh_from_db()
    assert (mine.standing, mine.left_on) == (Standing.MOVED, today)
    candidate = Candidate.objects.get(person=world.bruno)
    assert candidate.district == world.there.district
    assert candidate.why == "Était en première année dans un groupe d’une autre circonscription."
    # Another school of the same district changes nothing.
    Posting.objects.filter(person=world.amina).update(school=world.here.schools[1])
    assert dated.note_movers() == 0


# --- The notes of the team ----------------------------------------------------------------------------------------
SECRET_NOTE = "Note-Zibeline"


@pytest.fixture
def noted(world):
    return actions.note_candidate(
        person=world.chloe,
        district=world.here.district,
        group=world.here.group,
        why=f"{SECRET_NOTE} : anime un défi lecture.",
        by=world.adviser,
    )


@pytest.mark.parametrize(
    ("name", "reads"),
    [("adviser", True), ("inspector", True), ("superuser", False), ("inspector_there", False)],
)
def test_notes_are_the_team_s_own(world, sign_in, noted, name, reads):
    body = sign_in(getattr(world, name)).get(address("candidate_list")).content.decode()
    assert (SECRET_NOTE in body) == reads


def test_the_person_finds_the_note_on_no_page_and_in_no_search(world, sign_in, noted):
    client = sign_in(world.chloe)
    for path in ("/", "/mon-annee/", f"/recherche/?q={SECRET_NOTE}", address("group_list"), address("my_years")):
        assert SECRET_NOTE not in client.get(path).content.decode(), path
    assert client.get(address("candidate_list")).status_code == 404
    post(world.chloe, Role.ADVISER, world.here.district)  # not even as a member of the team
    assert not Candidate.objects.visible_to(type(world.chloe).objects.get(pk=world.chloe.pk)).exists()


def test_a_note_becomes_an_invitation_by_one_button_and_its_words_stay_here(world, sign_in, noted):
    answer = sign_in(world.adviser).post(address("candidate_invite", noted.pk), {"group": world.here.group.pk})
    assert answer.status_code == 302
    noted.refresh_from_db()
    made = world.chloe.memberships.get(group=world.here.group)
    assert noted.invited == made
    assert noted.closed_at
    assert SECRET_NOTE not in sign_in(world.chloe).get(address("membership_page", made.pk)).content.decode()
    assert not Notice.objects.filter(text__contains=SECRET_NOTE).exists()
    with pytest.raises(Refusal, match="déjà classée"):
        actions.invite_candidate(candidate=noted, group=world.here.group, by=world.inspector)


def test_a_note_is_written_put_away_and_taken_up_again(world, sign_in):
    client = sign_in(world.adviser)
    data = {"person": world.chloe.pk, "group": "", "why": "Elle filme."}
    assert "une donnée de la personne" in client.get(address("candidate_list")).content.decode()
    assert client.post(address("candidate_create"), data).status_code == 302
    assert client.post(address("candidate_create"), data | {"why": "Elle filme bien."}).status_code == 302
    note = Candidate.objects.get()
    assert note.why == "Elle filme bien."
    client.post(address("candidate_close", note.pk))
    title = 'card__title">Chloé Petit'
    assert title not in client.get(address("candidate_list")).content.decode()
    assert title in client.get(address("candidate_list") + "?classees=1").content.decode()
    client.post(address("candidate_reopen", note.pk))
    note.refresh_from_db()
    assert note.closed_at is None
    assert client.post(address("candidate_create"), {"person": world.denis.pk}).status_code == 422
    assert client.post(address("candidate_invite", note.pk), {"group": world.there.group.pk}).status_code == 302
    assert not world.chloe.memberships.filter(standing=Standing.INVITED).exists()


def test_a_closed_note_does_not_come_back_beside_a_new_one(world, noted):
    actions.close_candidate(candidate=noted, by=world.adviser, closed=True)
    actions.note_candidate(person=world.chloe, district=world.here.district, by=world.inspector)
    with pytest.raises(Refusal, match="déjà notée"):
        actions.close_candidate(candidate=noted, by=world.adviser, closed=False)


def test_nobody_notes_oneself_nor_elsewhere(world):
    with pytest.raises(Refusal):
        actions.note_candidate(person=world.adviser, district=world.here.district, by=world.adviser)
    with pytest.raises(Refusal):
        actions.note_candidate(person=world.denis, district=world.there.district, by=world.adviser)


def test_schools_with_nobody_in_a_group(world, sign_in):
    body = sign_in(world.adviser).get(address("school_gaps")).content.decode()
    assert world.here.schools[1].name in body
    assert world.here.schools[0].name not in body


@pytest.mark.parametrize("name", ["group_browse", "candidate_list", "school_gaps", "my_years"])
def test_lists_cost_the_same_with_more_rows(world, sign_in, name):
    who = world.adviser if name in ("candidate_list", "school_gaps") else world.amina
    client = sign_in(who)
    actions.note_candidate(person=world.bruno, district=world.here.district, by=world.adviser)
    client.get(address(name))

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(name)).status_code == 200
        return len(queries)

    few = cost()
    for number in range(3):
        one = person(f"x{number}@ecole.test", "X", f"X{number}")
        post(one, Role.TEACHER, world.here.schools[0])
        actions.note_candidate(person=one, district=world.here.district, by=world.adviser)
        group = world.here.network.groups.create(name=f"G{number}")
        join(world.amina, group)
        type(world.here.schools[0]).objects.create(
            district=world.here.district, uai=f"027100{number}A", name=f"S{number}", commune="C"
        )
    assert cost() == few


def test_career_meeting_row_is_made_by_the_inspector_alone(world):
    mine = world.bruno.memberships.get()
    for who in (world.adviser, world.superuser, world.inspector_there, world.bruno):
        with pytest.raises(Refusal):
            actions.note_career_meeting(membership=mine, by=who, noted=True)
    actions.note_career_meeting(membership=mine, by=world.inspector, noted=True)
    actions.note_career_meeting(membership=mine, by=world.inspector, noted=True)
    assert CareerMeeting.objects.count() == 1
