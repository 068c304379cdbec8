"""Students: how they come in, make pairs, leave; what each says of oneself, and who reads it."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from circo.errors import Refusal
from circo.models import Invitation, Person, Posting
from circo.rules import Role
from partnerships.models import Student, StudentPair
from partnerships.students import actions
from partnerships.students.actions import Wishes
from partnerships.students.rules import Transport
from tests.partnerships.partner import cohort_of, commune, status_of, student_in


@pytest.fixture
def cohort(world):
    return cohort_of(world.here)


@pytest.fixture
def status(world):
    return status_of(world.here)


def add(world, cohort, status, email="lea@univ.test", **fields) -> Student:
    given = {"first_name": "Léa", "last_name": "Morel", "by": world.partner_coordinator} | fields
    return actions.add(cohort=cohort, email=email, status=status, **given)


# --- Coming in --------------------------------------------------------------------------------------------------------
def test_whoever_is_added_gets_an_account_that_an_invitation_opens(world, cohort, status, sign_in):
    client = sign_in(world.partner_coordinator)
    typed = {"email": "lea@univ.test", "first_name": "Léa", "last_name": "Morel", "status": status.pk}
    assert client.post(reverse("partnerships:student_add", args=[cohort.pk]), typed).status_code == 302
    person = Person.objects.get(email="lea@univ.test")
    assert not person.has_usable_password()
    post = person.postings.get()
    assert (post.role, post.institution) == (Role.STUDENT, world.here.institution)
    assert (post.starts_on, post.ends_on) == (world.year.first_day, world.year.last_day)
    client.post(reverse("partnerships:students_invite", args=[cohort.pk]))
    assert Invitation.objects.get().person == person
    page = client.post(reverse("partnerships:students_invite", args=[cohort.pk]), follow=True).content.decode()
    assert "Personne à inviter" in page
    assert Invitation.objects.count() == 1


def test_whoever_has_an_account_keeps_the_name_and_the_other_roles(world, cohort, status):
    student = add(world, cohort, status, email="AMINA@ecole.test", first_name="X", last_name="Y")
    assert student.person == world.amina
    world.amina.refresh_from_db()
    assert world.amina.first_name == "Amina"
    assert set(world.amina.postings.values_list("role", flat=True)) == {Role.TEACHER, Role.STUDENT}


def test_the_role_of_a_student_is_given_once(world, cohort, status):
    add(world, cohort, status)
    with pytest.raises(Refusal, match="déjà dans cette promotion"):
        add(world, cohort, status)
    add(world, cohort_of(world.here, programme=cohort.programme, name="Groupe B"), status)
    assert Posting.objects.filter(person__email="lea@univ.test").count() == 1


def test_nobody_is_added_to_the_cohort_of_another_institution(world, cohort, status):
    with pytest.raises(Refusal, match="pas, ou plus"):
        add(world, cohort, status, by=world.partner_coordinator_there)
    with pytest.raises(Refusal, match="pas, ou plus"):
        add(world, cohort, status, by=world.inspector)


def test_a_closed_account_is_not_opened_by_the_side_door(world, cohort, status):
    with pytest.raises(Refusal, match="fermé"):
        add(world, cohort, status, email=world.deactivated.email)


def test_a_coordinator_invites_no_teacher_who_studies_too(world, cohort, status):
    world.amina.set_unusable_password()
    world.amina.save()
    student = add(world, cohort, status, email=world.amina.email)
    with pytest.raises(Refusal, match="que les personnes"):
        actions.invite(student=student, by=world.partner_coordinator)
    assert actions.invite_all(cohort=cohort, by=world.partner_coordinator) == 0


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"email": "lea"}, "n’est pas complète"),
        ({"first_name": ""}, "Écrivez un prénom"),
        ({"status": "999999"}, "Choisissez dans la liste"),
    ],
)
def test_bad_input_is_said_in_words_and_kept(world, cohort, status, sign_in, typed, reason):
    given = {"email": "lea@univ.test", "first_name": "Léa", "last_name": "Morel", "status": status.pk} | typed
    answer = sign_in(world.partner_coordinator).post(reverse("partnerships:student_add", args=[cohort.pk]), given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert reason in page
    assert 'value="Morel"' in page
    assert not Student.objects.exists()


# --- Pairs ------------------------------------------------------------------------------------------------------------
def test_a_pair_is_two_of_one_cohort_and_no_third(world, cohort, status, sign_in):
    one, two, three = (student_in(cohort, status, name=name) for name in ("Ana", "Bo", "Cy"))
    client = sign_in(world.partner_coordinator)
    client.post(reverse("partnerships:student_pair", args=[one.pk]), {"other": two.pk})
    one.refresh_from_db()
    assert one.partner == two
    answer = client.post(reverse("partnerships:student_pair", args=[three.pk]), {"other": two.pk})
    assert answer.status_code == 422
    with pytest.raises(Refusal, match="déjà en binôme"):
        actions.pair(one=three, other=two, by=world.partner_coordinator)
    with pytest.raises(Refusal, match="réunit deux personnes"):
        actions.pair(one=three, other=three, by=world.partner_coordinator)
    for seat in (1, 2, 3):  # and not by the action alone
        with pytest.raises(IntegrityError), transaction.atomic():
            Student.objects.filter(pk=three.pk).update(pair=one.pair, pair_seat=seat)


def test_whoever_leaves_frees_the_other_and_comes_back_alone(world, cohort, status, sign_in):
    one, two = (student_in(cohort, status, name=name) for name in ("Ana", "Bo"))
    actions.pair(one=one, other=two, by=world.partner_coordinator)
    client = sign_in(world.partner_coordinator)
    answer = client.post(reverse("partnerships:student_leave", args=[one.pk]), follow=True)
    two.refresh_from_db()
    assert two.pair is None
    assert not StudentPair.objects.exists()
    undo = reverse("partnerships:student_restore", args=[one.pk])
    assert undo in answer.content.decode()
    with pytest.raises(Refusal, match="n’est plus dans la promotion"):
        actions.pair(one=one, other=two, by=world.partner_coordinator)
    client.post(undo)
    assert list(Student.objects.standing()) == [one, two]


def test_two_pages_open_at_once_make_no_pair_of_three(world, cohort, status):
    one, two, three = (student_in(cohort, status, name=name) for name in ("Ana", "Bo", "Cy"))
    stale = Student.objects.get(pk=one.pk)
    actions.pair(one=one, other=two, by=world.partner_coordinator)
    with pytest.raises(Refusal, match="déjà en binôme"):
        actions.pair(one=stale, other=three, by=world.partner_coordinator)


# --- Wishes -----------------------------------------------------------------------------------------------------------
def test_a_student_writes_the_own_wishes(world, cohort, status, sign_in):
    town = commune()
    mine = student_in(cohort, status, world.student)
    client = sign_in(world.student)
    typed = {"home": "val de reuil", "transport": "PUBLIC", "levels": ["CP"], "practices": ["ORAL"]}
    answer = client.post(reverse("partnerships:wishes_update", args=[mine.pk]), typed, follow=True)
    assert "Vos vœux sont enregistrés" in answer.content.decode()
    mine.refresh_from_db()
    assert (mine.home, mine.transport, mine.levels, mine.practices) == (town, Transport.PUBLIC, ["CP"], ["ORAL"])
    assert "Val-de-Reuil (27701)" in client.get(reverse("partnerships:wishes_edit", args=[mine.pk])).content.decode()


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"home": "Nulle-Part"}, "ne connaissons pas la commune « Nulle-Part »"),
        ({"home": "Saint-Aubin"}, "Saint-Aubin (27512), Saint-Aubin (27513)"),
        ({"home": "Saint-Aubin (99999)"}, "ne connaissons pas"),
        ({"practices": ["ORAL", "READING", "WRITING", "NUMBERS", "PROBLEMS", "SHAPES", "ARTS"]}, "au plus 6 pratiques"),
        ({"transport": "HORSE"}, "Choisissez dans la liste"),
        ({"levels": ["CM3"]}, "niveaux de la liste"),
    ],
)
def test_wrong_wishes_are_said_in_words(world, cohort, status, sign_in, typed, reason):
    commune("27512", "Saint-Aubin")
    commune("27513", "Saint-Aubin")
    mine = student_in(cohort, status, world.student)
    answer = sign_in(world.student).post(
        reverse("partnerships:wishes_update", args=[mine.pk]), {"transport": "CAR"} | typed
    )
    assert answer.status_code == 422
    assert reason in answer.content.decode().replace("\u00a0", " ")


def test_nobody_reads_or_writes_the_wishes_of_another(world, cohort, status, sign_in):
    other = student_in(cohort, status)
    for person in (world.student, world.inspector, world.amina, world.partner_coordinator_there):
        for name in ("wishes_edit", "student_page"):
            assert sign_in(person).get(reverse(f"partnerships:{name}", args=[other.pk])).status_code == 404
    with pytest.raises(Refusal, match="pas vos vœux"):
        actions.wish(student=other, wishes=Wishes(), by=world.student)


def test_history_keeps_no_former_home(world, cohort, status):
    mine = student_in(cohort, status, world.student)
    actions.wish(student=mine, wishes=Wishes(home=commune()), by=world.student)
    kept = {field.name for field in Student.history.model._meta.get_fields()}
    assert not kept & {"home", "transport"}


def test_a_status_of_another_institution_is_refused(world, cohort, status):
    mine, foreign = student_in(cohort, status, world.student), status_of(world.there)
    with pytest.raises(Refusal, match="autre institut"):
        actions.describe(student=mine, status=foreign, wishes=Wishes(), by=world.partner_coordinator)
