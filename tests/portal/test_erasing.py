"""Erasing a person: nothing of them is left in any table or in the storage, others keep theirs, and a trace counts."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db.models import CharField, JSONField, TextField
from django.urls import reverse

from circo.errors import Refusal
from circo.models import Erasure, Notice, OutgoingMail, Person
from circo.personal import actions
from tests.house.routes import make_things
from tests.videos.films import film_of
from tests.videos.inventory import stored
from tests.world import MARK
from videos import actions as actions_of_films
from videos.models import Film, Grid, Moment, MomentKind


@pytest.fixture
def denis(world) -> Person:
    """Somebody with one of everything, every text of which holds the mark; the account is closed."""
    make_things(world, world.there, world.denis, world.secretary_there, mark=f" {MARK}")
    Person.objects.filter(pk=world.denis.pk).update(is_active=False)
    world.denis.refresh_from_db()
    return world.denis


def traces(person_id: int) -> set[str]:
    """The tables in which a column still names that person."""
    found = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            is_key = field.is_relation and field.related_model is Person
            if is_key and model.objects.filter(**{field.attname: person_id}).exists():
                found.add(model._meta.label)
    if Person.history.filter(id=person_id).exists():
        found.add("circo.HistoricalPerson")
    return found


def tables_that_say(word: str) -> set[str]:
    texts = (CharField, TextField, JSONField)
    return {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, texts) and model._default_manager.filter(**{f"{field.name}__icontains": word}).exists()
    }


def test_nothing_is_left_of_an_erased_person(world, denis, django_capture_on_commit_callbacks):
    film = Film.objects.create(author=world.amina, group=world.here.group, title="Une dictée")
    kept = Moment.objects.create(film=film, author=world.amina, at_s=1, text="Un silence")
    Moment.objects.create(film=film, author=denis, at_s=2, text="Un mot de Denis")
    Notice.objects.create(person=world.amina, kind="probe", key="1", title="Un avis")
    assert len(traces(denis.pk)) > 10
    assert stored()
    denis_id = denis.pk
    with django_capture_on_commit_callbacks(execute=True):
        actions.erase(person=denis, by=world.superuser)
    assert traces(denis_id) == set()
    assert "videos.Film" not in tables_that_say("Denis")
    assert not [name for name in tables_that_say("denis@") if name != "circo.Notice"]
    left = [key for key in stored() if not key.startswith("sheets/")]  # those go with the next cleaning
    of_the_team = [key for key in left if key.startswith(("documents/", "festivals/", "trainings/", "transfers/"))]
    assert left == of_the_team, "the batch of the secretary, the pictures of the festival, what paths show or became"
    assert Moment.objects.get() == kept, "what others wrote elsewhere stays"
    assert Grid.objects.filter(owner=None).exists(), "a grid that may have served stays, without an owner"


def test_a_mention_of_an_erased_person_names_nobody(world, denis, django_capture_on_commit_callbacks):
    film = film_of(world.amina, world.here.group)
    former = Person.objects.get(pk=denis.pk)
    former.last_name = "Ancien"
    former.save()
    denis.save()
    text = f"@{former} puis @{denis}, avec @Bruno Petit. Denis écoute."
    said = actions_of_films.comment(film=film, at_s=1, kind=MomentKind.FACT, text=text, by=world.amina)
    reply = actions_of_films.reply(moment=said, text=f"Merci @{denis}", by=world.bruno)
    for one in (said, reply):
        one.mentioned.add(denis)
    Notice.objects.create(person=world.amina, kind="film-mention", key="1", title=f"{denis} vous mentionne")
    OutgoingMail.objects.create(key="1", to=world.amina.email, subject=f"{denis} vous mentionne")
    with django_capture_on_commit_callbacks(execute=True):
        actions.erase(person=denis, by=world.superuser)
    said.refresh_from_db()
    reply.refresh_from_db()
    gone = "@une personne partie"
    assert said.text == f"{gone} puis {gone}, avec @Bruno Petit. Denis écoute.", "what others say in words is theirs"
    assert reply.text == f"Merci {gone}"
    assert "denis" not in reply.folded
    for told in (Notice.objects.get(key="1").title, OutgoingMail.objects.get(key="1").subject):
        assert told == "Une personne partie vous mentionne"


def test_nobody_is_told_of_the_films_of_an_erased_person(world, denis, django_capture_on_commit_callbacks):
    film = Film.objects.filter(author=denis).first()
    place = reverse("videos:film_page", args=[film.pk])
    Notice.objects.create(person=world.bruno, kind="film-ready", key="1", title="Un film à voir", path=place)
    with django_capture_on_commit_callbacks(execute=True):
        actions.erase(person=denis, by=world.superuser)
    assert not Notice.objects.filter(path__startswith=place).exists()


def test_trace_counts_and_names_nobody(world, denis, sign_in):
    denis_id = denis.pk
    actions.erase(person=denis, by=world.superuser)
    written = Erasure.objects.get()
    assert (written.account_number, written.erased_by) == (denis_id, world.superuser)
    assert written.counts["Mes films"] == 2  # the removed one too
    assert "Denis" not in f"{written.counts}"
    page = sign_in(world.superuser).get(reverse("admin:circo_erasure_changelist")).content.decode()
    assert f"{denis_id}" in page
    assert "Mes films" in page


@pytest.mark.parametrize("persona", ["inspector_there", "secretary_there", "departement_there", "bruno"])
def test_only_whoever_keeps_the_platform_running_erases(world, denis, persona):
    with pytest.raises(Refusal, match="tient la plateforme"):
        actions.erase(person=denis, by=world.people[persona])
    assert Person.objects.filter(pk=denis.pk).exists()


def test_open_account_is_closed_first(world):
    with pytest.raises(Refusal, match="Fermez d’abord"):
        actions.erase(person=world.bruno, by=world.superuser)


def test_admin_asks_first_and_leaves_open_accounts(world, denis, sign_in):
    client, url = sign_in(world.superuser), reverse("admin:circo_person_changelist")
    chosen = {"action": "erase", "_selected_action": [denis.pk, world.bruno.pk]}
    asked = client.post(url, chosen).content.decode()
    assert "Effacer pour toujours" in asked
    assert "Bruno" not in asked.split("<main")[-1].split("</ul>")[0].split("<h2>")[-1]
    assert Person.objects.filter(pk=denis.pk).exists()
    client.post(url, chosen | {"post": "yes"})
    assert not Person.objects.filter(pk=denis.pk).exists()
    assert Person.objects.filter(pk=world.bruno.pk).exists()
    there = sign_in(world.secretary_there)
    assert "Effacer la personne" not in there.get(url).content.decode()
