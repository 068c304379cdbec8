"""The catalogue finds the paths that one may take, and those who took them leave a few words."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Notice
from tests.trainings.learners import learner, module_of, path_of, step_of, version_of
from trainings.catalogue import actions as catalogue
from trainings.catalogue import rules
from trainings.learning import actions
from trainings.models import PathReview, PathSession
from trainings.paths.rules import Opening, VersionState
from trainings.tasks import sweep_paths

pytestmark = pytest.mark.django_db
LIST = reverse("trainings:catalogue")


def found(client, **given) -> str:
    return client.get(LIST, given).content.decode()


def finished(person, version):
    taken = learner(person, version)
    for step in version.modules.get().steps.all():
        actions.read(enrolment=taken, step=step, by=person)
    taken.refresh_from_db()
    return taken


@pytest.fixture
def version(world):
    made = path_of(world.here.district)
    module = module_of(made)
    for title in ("Un", "Deux", "Trois"):
        step_of(module, title=title)
    return made


def said(person, version, keeps="Je lis plus lentement.", **fields) -> PathReview:
    fields = {"advice": "À qui débute", "is_signed": True} | fields
    return catalogue.say(enrolment=finished(person, version), keeps=keeps, by=person, **fields)


def shown(client, person, version, query="") -> str:
    client.force_login(person)
    return client.get(reverse("trainings:path_show", args=[version.path_id]) + query).content.decode()


# --- The catalogue ----------------------------------------------------------------------------------------------------
def test_one_finds_the_paths_that_are_open_to_where_one_is(world, client):
    path_of(world.here.district, "Lire ici")
    path_of(world.there.district, "Lire chez eux")
    path_of(world.there.district, "Lire partout", opening=Opening.EVERYWHERE)
    version_of(path_of(world.here.district, "Publié").path, number=2, title="Brouillon", state=VersionState.DRAFT)
    archived = path_of(world.here.district, "Archivé")
    archived.state = VersionState.ARCHIVED
    archived.save()
    client.force_login(world.amina)
    page = found(client)
    assert "Lire ici" in page
    assert "Lire partout" in page
    for title in ("Lire chez eux", "Brouillon", "Archivé"):
        assert title not in page


def test_words_and_filters_narrow_the_list(world, client):
    path_of(world.here.district, "Écrire une dictée", levels=["CP", "CE1"], subject="LANGUAGE", minutes=45)
    path_of(world.here.district, "Poser un problème", levels=["CE2"], subject="MATHS", minutes=60)
    path_of(world.here.district, "Vivre dehors", levels=["GS"], subject="SEVERAL", minutes=200)
    client.force_login(world.amina)
    titles = {"Écrire une dictée", "Poser un problème", "Vivre dehors"}
    for given, left in [
        ({"q": "DICTEE"}, {"Écrire une dictée"}),
        ({"niveau": "CE1"}, {"Écrire une dictée"}),
        ({"niveau": "CE2"}, {"Poser un problème"}),
        ({"domaine": "MATHS"}, {"Poser un problème"}),
        ({"duree": "courte"}, {"Écrire une dictée"}),
        ({"duree": "moyenne"}, {"Poser un problème"}),
        ({"duree": "longue"}, {"Vivre dehors"}),
        ({"niveau": "Z", "duree": "x", "page": "a"}, titles),
        ({"q": "rien de tel"}, set()),
    ]:
        page = found(client, **given)
        assert {title for title in titles if title in page} == left, given
    assert "Aucun parcours ne réunit tout cela." in found(client, q="rien de tel")
    part = client.get(LIST, {"q": "dehors"}, headers={"HX-Request": "true"}).content.decode()
    assert "Vivre dehors" in part
    assert "<html" not in part


def test_what_one_s_group_follows_is_found_and_nothing_of_other_groups(world, client, version):
    path_of(world.here.district, "Un autre parcours")
    day = timezone.localdate()
    about = {"version": version, "district": world.here.district, "first_day": day, "last_day": day}
    PathSession.objects.create(title="La nôtre", group=world.here.group, **about)
    client.force_login(world.amina)
    assert "Suivi par mon groupe" in found(client)
    page = found(client, groupe="oui")
    assert version.title in page
    assert "Un autre parcours" not in page
    client.force_login(world.chloe)  # of another group
    assert "Suivi par mon groupe" not in found(client)


def test_a_district_is_chosen_where_there_are_several(world, client):
    path_of(world.here.district, "Lire ici")
    path_of(world.there.district, "Lire partout", opening=Opening.EVERYWHERE)
    client.force_login(world.amina)
    page = found(client, circonscription=str(world.there.district.pk))
    assert "Lire partout" in page
    assert "Lire ici" not in page


def test_nothing_open_says_what_comes(world, client):
    client.force_login(world.amina)
    assert "Aucun parcours n’est encore ouvert." in found(client)
    client.force_login(world.former)
    assert "Aucun parcours n’est encore ouvert." in found(client)


def test_the_list_costs_the_same_with_one_path_or_twenty(world, client, version):
    said(world.bruno, version)
    learner(world.amina, version)
    client.force_login(world.amina)
    found(client)
    with CaptureQueriesContext(connection) as one:
        found(client)
    for number in range(25):
        made = path_of(world.here.district, f"Parcours {number}")
        made.path.adapted_from = version
        made.path.save()
    with CaptureQueriesContext(connection) as many:
        page = found(client)
    assert len(many) == len(one)
    assert "Page 1 sur 2" in page
    assert "Adapté de" in page


# --- A word -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("done", "total", "complete", "may"), [(0, 0, False, False), (1, 3, False, False)])
def test_who_may_say_something_has_done_half_of_it(done, total, complete, may):
    assert rules.may_say(done=done, total=total, is_complete=complete) is may
    assert rules.may_say(done=2, total=3, is_complete=False)
    assert rules.may_say(done=0, total=3, is_complete=True)


def test_a_word_is_left_once_half_is_done_and_read_by_those_who_hesitate(world, client, version):
    first, second, _ = version.modules.get().steps.all()
    taken = learner(world.amina, version)
    actions.read(enrolment=taken, step=first, by=world.amina)
    save = reverse("trainings:review_save", args=[version.path_id])
    client.force_login(world.amina)
    assert "Laisser un mot" not in shown(client, world.amina, version)
    assert client.post(save, {"keeps": "Trop tôt"}).status_code == 422
    actions.read(enrolment=taken, step=second, by=world.amina)
    assert "Laisser un mot" in shown(client, world.amina, version)
    assert client.post(save, {"keeps": "  "}).status_code == 422
    client.post(save, {"keeps": "Je lis plus lentement.", "advice": "À qui débute", "is_signed": "on"})
    page = shown(client, world.bruno, version)
    assert "Je lis plus lentement." in page
    assert "À qui débute" in page
    assert str(world.amina) in page
    assert "1 mot de collègues" in found(client)


def test_a_word_without_a_signature_names_nobody_to_anybody(world, client, version):
    said(world.amina, version, is_signed=False)
    for reader in (world.bruno, world.adviser, world.inspector):
        page = shown(client, reader, version)
        assert "Je lis plus lentement." in page
        assert "Sans signature" in page
        assert str(world.amina) not in page


def test_who_writes_the_path_reads_words_and_changes_none(world, client, version):
    review = said(world.amina, version)
    client.force_login(world.trainer)
    assert "Je lis plus lentement." in shown(client, world.trainer, version)
    assert client.post(reverse("trainings:review_save", args=[version.path_id]), {"keeps": "x"}).status_code == 404
    assert client.post(reverse("trainings:review_remove", args=[version.path_id])).status_code == 404
    assert client.post(reverse("trainings:review_hide", args=[review.pk]), {"reason": "x"}).status_code == 404
    with pytest.raises(Refusal):
        catalogue.remove(review=review, by=world.trainer)
    with pytest.raises(Refusal):
        catalogue.hide(review=review, reason="x", by=world.trainer)


def test_a_word_is_changed_taken_away_and_brought_back(world, client, version):
    said(world.amina, version)
    client.force_login(world.amina)
    assert (
        "Je lis plus lentement."
        in client.get(reverse("trainings:review_edit", args=[version.path_id])).content.decode()
    )
    client.post(reverse("trainings:review_save", args=[version.path_id]), {"keeps": "Je lis moins vite."})
    assert PathReview.objects.get().keeps == "Je lis moins vite."
    page = client.post(reverse("trainings:review_remove", args=[version.path_id]), follow=True).content.decode()
    assert "Votre mot est retiré." in page
    assert "moins vite" not in shown(client, world.bruno, version)
    client.force_login(world.amina)
    client.post(reverse("trainings:review_restore", args=[version.path_id]))
    assert "moins vite" in shown(client, world.bruno, version)


def test_what_was_taken_away_is_soon_forgotten(world, version):
    review = said(world.amina, version)
    catalogue.remove(review=review, by=world.amina)
    sweep_paths()
    assert PathReview.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        with pytest.raises(Refusal, match="ne peut plus"):
            catalogue.restore(review=review, by=world.amina)
        sweep_paths()
    assert not PathReview.objects.exists()


def test_the_team_hides_a_word_for_a_reason_that_its_writer_reads(world, client, version):
    review = said(world.amina, version)
    client.force_login(world.adviser)
    hide = reverse("trainings:review_hide", args=[review.pk])
    assert "Masquer ce mot" in shown(client, world.adviser, version)
    assert client.post(hide, {"reason": ""}).status_code == 422
    page = client.post(hide, {"reason": "Un élève y est nommé."}, follow=True).content.decode()
    assert "Ce mot est masqué." in page
    assert "Montrer de nouveau" in page
    assert "Je lis plus lentement." not in shown(client, world.bruno, version)
    mine = shown(client, world.amina, version)
    assert "Masqué par l’équipe" in mine
    assert "Un élève y est nommé." in mine
    told = Notice.objects.get(person=world.amina, title__startswith="Un mot")
    assert told.text == "Un élève y est nommé."
    client.post(reverse("trainings:review_save", args=[version.path_id]), {"keeps": "Encore"})
    assert "Encore" not in shown(client, world.bruno, version), "to write it again does not show it"
    client.force_login(world.adviser)
    client.post(reverse("trainings:review_show", args=[review.pk]))
    assert "Encore" in shown(client, world.bruno, version)


def test_nobody_hides_one_s_own_word_nor_those_of_another_district(world, client, version):
    own = said(world.adviser, version)
    with pytest.raises(Refusal):
        catalogue.hide(review=own, reason="x", by=world.adviser)
    client.force_login(world.adviser_there)
    assert client.get(reverse("trainings:review_page", args=[own.pk])).status_code == 404


def test_many_words_come_by_pages_at_the_same_cost(world, client, version):
    said(world.bruno, version)
    client.force_login(world.amina)
    shown(client, world.amina, version)
    with CaptureQueriesContext(connection) as one:
        shown(client, world.amina, version)
    people = [one for name, one in world.people.items() if name not in ("amina", "bruno")]
    for each in people[:12]:
        taken = version.enrolments.create(person=each, path=version.path)
        PathReview.objects.create(enrolment=taken, keeps="Un mot")
    with CaptureQueriesContext(connection) as many:
        page = shown(client, world.amina, version)
    assert len(many) == len(one)
    assert "Page 1 sur 2" in page
