"""What the team writes in the admin, and what a crafted post does not."""

from __future__ import annotations

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME as CHOSEN

from circo.models import Derogation, District, Invitation, Person, Posting, School
from tests.circo.admin_world import objects, refused, snapshot, url
from tests.world import MARK, post


def posting(world, *, index: int = 0, prefix: str = "postings", **fields) -> dict:
    """The fields of one line of the inline."""
    line = {"role": "TEACHER", "school": world.here.schools[0].pk, "starts_on": "01/09/2026", **fields}
    return {f"{prefix}-{index}-{name}": value for name, value in line.items()}


def person(world, *lines: dict, initial: int = 0, **fields) -> dict:
    lines = lines or (posting(world),)
    management = {"postings-TOTAL_FORMS": len(lines), "postings-INITIAL_FORMS": initial}
    data = {"first_name": "Zoé", "last_name": "Neuve", "email": "zoe@ecole.test", **management, **fields}
    for line in lines:
        data |= line
    return data


def test_inspector_makes_a_person_with_a_posting(world, sign_in):
    client = sign_in(world.inspector)
    assert client.post(url(Person, "add"), person(world, posting(world, levels=["CE1", "CE2"]))).status_code == 302
    made = Person.objects.get(email="zoe@ecole.test")
    assert not made.has_usable_password()
    assert made.postings.get().levels == ["CE1", "CE2"]
    assert made.history.get().history_user == world.inspector
    body = client.get(url(Person, "changelist"), {"account": "none"}).content.decode()
    assert "Neuve Zoé" in body


@pytest.mark.parametrize(
    ("who", "line"),
    [
        ("inspector", {"school": "foreign"}),
        ("inspector", {"school": "", "district": "foreign", "role": "ADVISER"}),
        ("inspector", {"role": "INSPECTOR", "school": "", "district": "own"}),
        ("inspector", {"role": "DEPARTEMENT", "school": "", "departement": "own"}),
        ("secretary", {"role": "SECRETARY", "school": "", "district": "own"}),
        ("secretary", {"role": "ADVISER", "school": "", "district": "own"}),
        ("inspector", {"school": "abc"}),
        ("inspector", {"school": "99999999999999999999999"}),
    ],
)
def test_nobody_posts_elsewhere_nor_above_oneself(world, sign_in, who, line):
    places = {
        "foreign": {"school": world.there.schools[0].pk, "district": world.there.district.pk},
        "own": {"district": world.here.district.pk, "departement": world.here.departement.pk},
    }
    line = {name: places.get(value, {}).get(name, value) for name, value in line.items()}
    body = refused(
        sign_in(getattr(world, who)), url(Person, "add"), person(world, posting(world, **line)), says="errorlist"
    )
    assert "Zoé" in body  # what was typed is kept


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"school": ""}, "Choisissez l’école"),
        ({"role": "ADVISER"}, "Choisissez la circonscription"),
        ({"class_size": "900"}, "Une classe compte au plus 40 élèves."),
        ({"ends_on": "01/09/2020"}, "La date de fin vient après la date de début."),
        ({"levels": ["CE9"]}, "errorlist"),
    ],
)
def test_bad_input_is_answered_near_the_field(world, sign_in, fields, says):
    refused(sign_in(world.inspector), url(Person, "add"), person(world, posting(world, **fields)), says=says)


def test_address_twice_and_no_posting_and_the_same_line_twice(world, sign_in):
    client, add = sign_in(world.inspector), url(Person, "add")
    refused(client, add, person(world, email="AMINA@ecole.test"), says="déjà celle d’un compte")
    refused(client, add, person(world, {}) | {"postings-TOTAL_FORMS": 0}, says="au moins une affectation")
    refused(client, add, person(world, posting(world), posting(world, index=1)), says="écrite deux fois")


def test_rights_of_django_are_not_in_the_form(world, sign_in):
    crafted = person(world, is_superuser="on", groups="1", user_permissions="1", is_active="", password="x")
    assert sign_in(world.inspector).post(url(Person, "add"), crafted).status_code == 302
    made = Person.objects.get(email="zoe@ecole.test")
    assert (made.is_superuser, made.is_active, made.has_usable_password()) == (False, True, False)


def changed(world, who: Person, **fields) -> dict:
    line = who.postings.get()
    kept = {"id": line.pk, "person": who.pk, "role": line.role, "starts_on": "01/09/2026"}
    place = {"school": line.school_id or "", "district": line.district_id or ""}
    names = {"first_name": who.first_name, "last_name": who.last_name, "email": who.email}
    return person(world, posting(world, **kept, **place), initial=1, **(names | fields))


def test_inspector_corrects_a_name_but_not_the_address_of_an_open_account(world, sign_in):
    data = changed(world, world.amina, last_name="Grand", email="pirate@mechant.test")
    assert sign_in(world.inspector).post(url(Person, "change", world.amina.pk), data).status_code == 302
    world.amina.refresh_from_db()
    assert (world.amina.last_name, world.amina.email) == ("Grand", "amina@ecole.test")


def test_new_address_ends_the_links_sent_to_the_former_one(world, sign_in):
    world.amina.set_unusable_password()
    world.amina.save()
    invitation = objects(world)[Invitation][0]
    data = changed(world, world.amina, email="amina2@ecole.test")
    assert sign_in(world.inspector).post(url(Person, "change", world.amina.pk), data).status_code == 302
    invitation.refresh_from_db()
    assert invitation.expires_at <= invitation.expires_at.now(invitation.expires_at.tzinfo)
    assert not world.amina.emailaddress_set.exists()


@pytest.mark.parametrize(
    ("who", "whom"),
    [
        ("inspector", "inspector"),  # oneself
        ("secretary", "inspector"),  # above
        ("secretary", "adviser"),
        ("secretary", "secretary"),
        ("adviser", "amina"),  # reads only
        ("departement", "amina"),
        ("inspector", "denis"),  # elsewhere
        ("inspector", "superuser"),
    ],
)
def test_nobody_changes_a_person_out_of_reach(world, sign_in, who, whom):
    whom = getattr(world, whom)
    data = {"first_name": "Pris", "last_name": "Pris", "email": "pris@test.fr"}
    management = {"postings-TOTAL_FORMS": 0, "postings-INITIAL_FORMS": 0}
    for verb in ("change", "delete"):
        refused(
            sign_in(getattr(world, who)), url(Person, verb, whom.pk), data | management | {"post": "yes"}, status=404
        )


def test_inline_does_not_take_the_line_of_somebody_else(world, sign_in):
    theirs = world.denis.postings.get()
    data = changed(world, world.amina) | {"postings-0-id": theirs.pk, "postings-0-DELETE": "on"}
    client = sign_in(world.inspector)
    before = snapshot()
    assert client.post(url(Person, "change", world.amina.pk), data).status_code in (200, 404)
    assert snapshot() == before


def test_a_line_above_oneself_is_seen_and_not_changed(world, sign_in):
    """A secretary edits somebody who was an inspector once: that line stays."""
    first = world.year.first_day.replace(year=world.year.first_day.year - 3)
    old = post(world.amina, "INSPECTOR", world.here.district, starts_on=first, ends_on=first.replace(month=10))
    today = world.amina.postings.exclude(pk=old.pk).get()
    lines = (
        posting(world, id=today.pk, person=world.amina.pk, school=today.school_id),
        posting(world, index=1, id=old.pk, person=world.amina.pk, role="TEACHER", DELETE="on"),
    )
    data = person(world, *lines, initial=2, first_name="Amina", last_name="Petit")
    sign_in(world.secretary).post(url(Person, "change", world.amina.pk), data)
    old.refresh_from_db()
    assert old.role == "INSPECTOR"


@pytest.mark.parametrize("role", ["ADVISER", "TEACHER"])
def test_nobody_gives_oneself_a_role(world, sign_in, role):
    place = {"school": world.here.schools[0].pk} if role == "TEACHER" else {"district": world.here.district.pk}
    data = {"person": world.inspector.pk, "role": role, "starts_on": "01/09/2026", **place}
    refused(sign_in(world.inspector), url(Posting, "add"), data, says="errorlist")
    own = world.inspector.postings.get()
    refused(sign_in(world.inspector), url(Posting, "change", own.pk), data, status=404)


def school(world, **fields) -> dict:
    row = world.here.schools[0]
    data = {"district": row.district_id, "uai": row.uai, "name": "Renommée", "commune": "C", "week_pattern": "4"}
    return data | {"is_public": "on", **fields}


def test_school_changes_its_name_but_not_its_district(world, sign_in):
    client, address = sign_in(world.inspector), url(School, "change", world.here.schools[0].pk)
    refused(client, address, school(world, district=world.there.district.pk), says="errorlist")
    refused(client, address, school(world, uai="0270001Z"), says="sa lettre devrait être")
    refused(client, url(School, "change", world.there.schools[0].pk), school(world), status=404)
    assert client.post(address, school(world)).status_code == 302
    assert School.objects.get(pk=world.here.schools[0].pk).name == "Renommée"


def test_district_keeps_its_departement_and_derogation_its_district(world, sign_in):
    client = sign_in(world.inspector)
    data = {"name": "Val", "uai": "", "departement": world.there.departement.pk}
    assert client.post(url(District, "change", world.here.district.pk), data).status_code == 302
    world.here.district.refresh_from_db()
    assert (world.here.district.name, world.here.district.departement) == ("Val", world.here.departement)
    data = {"district": world.there.district.pk, "reference": "R", "authority": "A", "allows": "B"}
    dates = {"starts_on": "01/09/2026", "ends_on": "01/08/2026"}
    refused(client, url(Derogation, "add"), data | dates, says="errorlist")
    own = data | dates | {"district": world.here.district.pk}
    refused(client, url(Derogation, "add"), own, says="La date de fin vient après la date de début.")


def test_the_last_check_undoes_a_save_that_leaves_the_scope(world, sign_in, monkeypatch):
    """Should a field offer too much one day, the save still ends inside the scope, or not at all."""
    rows = District.objects.order_by("pk")
    monkeypatch.setattr("circo.admin.places.SchoolAdmin.choices_of", lambda self, request, field: rows)
    address = url(School, "change", world.here.schools[0].pk)
    client, before = sign_in(world.inspector), snapshot()
    response = client.post(address, school(world, district=world.there.district.pk))
    assert response.status_code == 404
    assert snapshot() == before


# --- Actions ----------------------------------------------------------------------------------------------------------
ACTIONS = ["send_invitation", "close_account", "reopen_account", "delete_selected"]


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(("who", "across"), [("inspector", "0"), ("adviser", "0"), ("departement", "1")])
def test_actions_touch_nobody_out_of_reach(world, sign_in, action, who, across):
    whom = [world.denis, world.inspector, world.superuser, world.departement]
    if who != "inspector":
        whom.append(world.amina)
    data = {"action": action, CHOSEN: [one.pk for one in whom], "select_across": across, "post": "yes"}
    client, before = sign_in(getattr(world, who)), snapshot()
    body = client.post(url(Person, "changelist"), data).content.decode()
    assert {name: rows for name, rows in snapshot().items() if rows != before[name]} == {}
    assert MARK not in body


def test_closing_asks_first_then_closes_and_opens_again(world, sign_in):
    client, address = sign_in(world.inspector), url(Person, "changelist")
    data = {"action": "close_account", CHOSEN: [world.amina.pk, world.denis.pk], "select_across": "0"}
    asked = client.post(address, data | {"index": "0"}).content.decode()
    assert "Amina Petit" in asked
    assert MARK not in asked
    world.amina.refresh_from_db()
    assert world.amina.is_active
    client.post(address, data | {"post": "yes"})
    world.amina.refresh_from_db()
    assert not world.amina.is_active
    assert world.amina.history.first().history_user == world.inspector
    client.post(address, data | {"action": "reopen_account", "post": "yes"})
    world.amina.refresh_from_db()
    assert world.amina.is_active


def test_invitation_is_sent_once_confirmed_and_refused_to_an_open_account(world, sign_in):
    world.bruno.set_unusable_password()
    world.bruno.save()
    client, address = sign_in(world.secretary), url(Person, "changelist")
    data = {"action": "send_invitation", CHOSEN: [world.amina.pk, world.bruno.pk], "select_across": "0", "post": "yes"}
    body = client.post(address, data, follow=True).content.decode()
    assert [one.person for one in Invitation.objects.all()] == [world.bruno]
    assert "a déjà un compte ouvert" in body
    assert "Bruno" in client.get(address, {"account": "waiting"}).content.decode()


@pytest.mark.parametrize("value", ["abc", "99999999999999999999999", "", "-1", "1;DROP TABLE"])
def test_crafted_ids_never_break_a_page(world, sign_in, value):
    client = sign_in(world.inspector)
    for data in ({"action": "close_account", CHOSEN: [value]}, {"action": "nothing", CHOSEN: [value], "index": "x"}):
        assert client.post(url(Person, "changelist"), data).status_code in (200, 302, 404)
    for verb in ("change", "delete", "history"):
        assert client.get(url(Person, verb, value or "0")).status_code == 404
    assert client.get(url(Posting, "add"), {"person": value, "school": value}).status_code == 200
    for name in ("role", "school", "year", "account"):
        assert client.get(url(Person, "changelist"), {name: value}).status_code in (200, 302)
    assert client.get(url(School, "changelist"), {"district__id__exact": value}).status_code in (200, 302)


def test_lookups_typed_by_hand_question_nothing(world, sign_in):
    client, people, schools = sign_in(world.inspector), url(Person, "changelist"), url(School, "changelist")
    post(world.amina, "TEACHER", world.there.schools[0])  # she also works elsewhere: nobody here may find it out
    for lookup in (
        "password__startswith",
        "postings__school",
        "postings__school__district__id__exact",
        "last_login__gt",
    ):
        assert client.get(people, {lookup: "1"}).status_code == 404
    assert "Amina" not in client.get(people, {"school": world.there.schools[0].pk}).content.decode()
    assert MARK not in client.get(schools, {"district__id__exact": world.there.district.pk}).content.decode()
    row = client.get(url(Person, "change", world.amina.pk)).content.decode()
    assert MARK not in row
    assert MARK not in client.get(people).content.decode()


# --- History ----------------------------------------------------------------------------------------------------------
def test_history_says_who_when_from_what_to_what_in_french(world, sign_in):
    client = sign_in(world.inspector)
    client.post(url(Person, "change", world.amina.pk), changed(world, world.amina, last_name="Grand"))
    body = client.get(url(Person, "history", world.amina.pk)).content.decode()
    assert "<strong>Nom</strong>\u00a0: Petit → Grand" in body
    assert str(world.inspector) in body
    assert not [word for word in ("password", "md5$", "pk=", "Changed", "Change reason") if word in body]


def test_history_hides_what_comes_from_another_district(world, sign_in):
    row = world.there.schools[0]
    row._history_user = world.inspector_there
    row.commune = "Ailleurs"
    row.save()
    row._history_user = world.superuser
    row.district, row.name, row.commune = world.here.district, "Reçue", "Ici"
    row.save()
    body = sign_in(world.inspector).get(url(School, "history", row.pk)).content.decode()
    assert "hors de votre périmètre" in body
    assert str(world.inspector_there) not in body
    assert "L’administration technique" in body


def test_signing_in_leaves_no_line_of_history(world):
    before = world.amina.history.count()
    world.amina.last_login = world.amina.joined_at
    world.amina.save(update_fields=["last_login"])
    assert world.amina.history.count() == before


@pytest.mark.parametrize("who", ["secretary", "inspector", "superuser"])
def test_the_same_posting_twice_is_answered_near_the_field(world, sign_in, who):
    """A form that offers two places of the four still asks the constraint that names them all."""
    held = post(world.trainer, "TEACHER", world.here.schools[0])
    line = {"person": held.person_id, "role": "TEACHER", "school": held.school_id, "starts_on": held.starts_on}
    refused(sign_in(getattr(world, who)), url(Posting, "add"), line, says="Cette affectation existe déjà.")


def test_a_search_of_thousands_of_words_is_answered(world, sign_in):
    client, words = sign_in(world.inspector), "a " * 4000
    assert client.get(url(Person, "changelist"), {"q": words}).status_code == 200
    asked = {"app_label": "circo", "model_name": "posting", "field_name": "person", "term": words}
    assert client.get("/admin/autocomplete/", asked).status_code == 200
