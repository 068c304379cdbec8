"""Who reaches what: the scopes of the ground."""

from datetime import timedelta

from django.contrib.admin import site

from circo.access import Permission
from circo.models import Derogation, District, Institution, Person, Posting, School


def test_teacher_sees_the_schools_of_the_own_district_only(world):
    assert set(School.objects.visible_to(world.amina)) == set(world.here.schools)
    assert not School.objects.editable_by(world.amina).exists()


def test_inspector_edits_the_own_district_only(world):
    assert set(School.objects.editable_by(world.inspector)) == set(world.here.schools)
    assert list(District.objects.editable_by(world.inspector)) == [world.here.district]
    assert world.denis not in Person.objects.visible_to(world.inspector)
    assert world.denis not in Person.objects.editable_by(world.inspector)


def test_departement_sees_all_its_districts(world):
    assert list(District.objects.visible_to(world.departement)) == [world.here.district]


def test_a_role_held_in_one_district_covers_no_departement(world):
    """It is held in one, and reads there what neighbours open to all; the whole is for who oversees it."""
    departement = {world.here.departement.pk}
    inspector, overseer = world.inspector.reach(), world.departement.reach()
    for permission in (Permission.MANAGE_PLACES, Permission.VIEW_TEAM, Permission.WATCH_FILMS):
        assert not inspector.departement_ids_for(permission)
        assert inspector.departement_ids_around(permission) == departement
    assert overseer.departement_ids_for(Permission.VIEW_TEAM) == departement
    assert overseer.departement_ids_for(Permission.OVERSEE_DEPARTEMENT) == departement
    assert not overseer.departement_ids_for(Permission.MANAGE_PLACES)
    assert departement < world.superuser.reach().departement_ids_for(Permission.MANAGE_PLACES)


def test_the_admin_offers_a_departement_to_whom_it_is_given_whole(world, rf):
    field, rows = Institution._meta.get_field("departement"), {}
    for model in (Institution, Derogation):  # edited by who oversees, and by who runs a district
        shown = site.get_model_admin(model)
        for name in ("inspector", "departement"):
            request = rf.get("/")
            request.user = getattr(world, name)
            rows[model, name] = list(shown.choices_of(request, field))
    whole = [world.here.departement]
    assert rows == {
        (Institution, "inspector"): [],
        (Institution, "departement"): whole,
        (Derogation, "inspector"): [],
        (Derogation, "departement"): [],
    }


def test_teacher_sees_oneself_only_among_people_and_postings(world):
    assert list(Person.objects.visible_to(world.amina)) == [world.amina]
    assert {posting.person for posting in Posting.objects.visible_to(world.amina)} == {world.amina}


def test_somebody_who_also_works_elsewhere_is_not_edited_from_here(world):
    assert world.amina in Person.objects.editable_by(world.inspector)
    Posting.objects.create(
        person=world.amina, role="TEACHER", school=world.there.schools[0], starts_on=world.year.first_day
    )
    assert world.amina not in Person.objects.editable_by(world.inspector)


def test_former_member_reaches_nothing(world):
    assert not School.objects.visible_to(world.former).exists()


def test_deactivated_person_reaches_nothing(world):
    assert not world.deactivated.reach().grounds


def test_nobody_edits_a_person_of_a_higher_role_nor_oneself(world):
    """Whoever changes an e-mail address can take the account: a secretary must not become the inspector."""
    by_inspector, by_secretary = (Person.objects.editable_by(who) for who in (world.inspector, world.secretary))
    assert {world.amina, world.secretary, world.adviser} <= set(by_inspector)
    assert {world.amina, world.head_teacher} <= set(by_secretary)
    assert not {world.inspector, world.superuser} & set(by_inspector)
    assert not {world.inspector, world.adviser, world.secretary, world.superuser} & set(by_secretary)


def test_a_higher_role_that_comes_later_already_protects_its_person(world):
    Posting.objects.create(
        person=world.amina,
        role="INSPECTOR",
        district=world.here.district,
        starts_on=world.year.last_day + timedelta(days=1),
    )
    assert world.amina not in Person.objects.editable_by(world.inspector)


def test_nobody_edits_the_own_postings_nor_those_of_a_higher_role(world):
    roles = set(Posting.objects.editable_by(world.secretary).values_list("role", flat=True))
    assert roles == {"TEACHER", "HEAD_TEACHER", "SUBSTITUTE", "TRAINER"}
    assert not Posting.objects.editable_by(world.inspector).filter(person=world.inspector).exists()
    assert not Posting.objects.editable_by(world.inspector).filter(district=world.there.district).exists()
