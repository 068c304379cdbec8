"""What an author does with a film: describe, withdraw, remove, bring back. A removed film gives nothing to anybody."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Job, Notice, Person
from circo.registries import search as portal_search
from tests.house.routes import arguments, make_things, routes
from tests.videos.collections import collection_things
from tests.videos.excerpts import excerpt_of
from tests.videos.films import film_of
from tests.videos.grids import observation_things
from videos import actions, announcing, cleaning, paths, queries, rules
from videos.consents import ending
from videos.consents.rules import Audience
from videos.models import (
    CaptionTrack,
    Excerpt,
    Film,
    FilmState,
    Moment,
    MomentCircle,
    MomentKind,
    PracticeSheet,
    RecordingProject,
    Subject,
    Upload,
)

pytestmark = pytest.mark.django_db
TITLE = "Une dictée"


@pytest.fixture
def film(world) -> Film:
    return film_of(world.amina, world.here.group, title=TITLE)


def again(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def status(client: Client, url: str, method: str) -> int:
    return getattr(client, method)(url).status_code


# --- Removed ---------------------------------------------------------------------------------------------------------
def addresses_of(things) -> dict[str, str]:
    """Every address that names the film, by URL name."""
    filled, film_id = arguments(things), things.film.pk
    names = {route.name for route in routes()}
    found = {name: kwargs for name, kwargs in filled.items() if kwargs.get("film_id") == film_id and name in names}
    return {name: reverse(name, kwargs=kwargs) for name, kwargs in found.items()}


@pytest.mark.sweep
def test_a_removed_film_answers_at_no_address(world):
    things = make_things(world, world.here, world.amina, world.secretary)
    addresses = addresses_of(things)
    assert len(addresses) > 50
    media = [
        reverse("videos:film_media", args=[things.film.pk, name]) for name in ("poster.jpg", "video-240-00000.m4s")
    ]
    clients = {name: Client() for name in ("amina", "bruno")}
    for name, client in clients.items():
        client.force_login(world.people[name])
    opened = {name for name, url in addresses.items() if status(clients["amina"], url, "get") == 200}
    assert {"videos:film_page", "videos:film_media", "videos:film_download", "videos:film_original"} <= opened
    assert [status(clients["bruno"], url, "get") for url in media] == [200, 200]
    actions.remove_film(film=things.film, by=world.amina)
    for client in clients.values():
        for url in (*addresses.values(), *media):
            for method in ("get", "head", "post"):
                assert status(client, url, method) in (404, 405), (url, method)
    assert Film.objects.get(pk=things.film.pk).removed_at is not None


def test_a_removed_film_stands_in_no_list_count_or_search(world, film):
    excerpt_of(film, world.amina, title=f"{TITLE}, un extrait", shared=True)
    observation_things(film, world.amina)
    collection = collection_things(film, world.amina).kept
    sheet = PracticeSheet.objects.create(owner=world.amina, title="Fiche", group=film.group)
    sheet.films.add(film)
    said = Moment.objects.create(film=film, author=world.bruno, at_s=1, text=TITLE)
    CaptionTrack.objects.create(film=film, rows=[[0, 900, TITLE]], text=TITLE, shown_at=timezone.now())
    urls = [reverse(f"videos:{name}") for name in ("film_list", "side_by_side", "round_list", "sheet_new")]
    urls += [
        reverse("portal:home"),
        reverse("videos:collection_page", args=[collection.pk]),
        reverse("videos:sheet_page", args=[sheet.pk]),
        reverse("videos:project_page", args=[film.project_id]),
    ]

    def told(person: Person) -> list[str]:
        client = Client()
        client.force_login(person)
        pages = {url: client.get(url).content.decode() for url in urls}
        return [url for url, page in pages.items() if TITLE in page]

    assert told(world.amina) == urls
    assert told(world.bruno)
    assert portal_search(again(world.bruno), TITLE)
    assert queries.state_of_discussion(film.pk, again(world.bruno)) is not None
    actions.remove_film(film=film, by=world.amina)
    for person in (world.amina, world.bruno):
        assert told(person) == []
        assert not portal_search(again(person), TITLE)
        assert queries.state_of_discussion(film.pk, again(person)) is None
        assert not Excerpt.objects.visible_to(again(person))
        assert not Moment.objects.visible_to(again(person)).filter(pk=said.pk)
        assert not CaptionTrack.objects.visible_to(again(person))
    assert not Film.objects.shared()
    assert not queries.circle(film)
    (row,) = queries.project_list_page(again(world.amina)).projects
    assert row.film_count == 0


def test_a_removed_film_comes_back_whole(world, film, sign_in, django_capture_on_commit_callbacks):
    moment = Moment.objects.create(film=film, author=world.bruno, at_s=1, text="Ici")
    announcing.announce(film)
    client = sign_in(world.amina)
    answer = client.post(reverse("videos:film_remove", args=[film.pk]), follow=True)
    page = answer.content.decode()
    assert "vous avez sept jours pour le remettre" in page
    assert reverse("videos:film_restore", args=[film.pk]) in page
    assert not Notice.objects.filter(path__contains=str(film.pk))
    assert default_storage.exists(paths.media_key(film.pk, film.output, "poster.jpg"))
    assert TITLE in client.get(reverse("videos:removed_films")).content.decode()
    assert sign_in(world.bruno).post(reverse("videos:film_restore", args=[film.pk])).status_code == 404
    with pytest.raises(Refusal):
        actions.restore_film(film=film, by=world.bruno)
    assert sign_in(world.amina).post(reverse("videos:film_restore", args=[film.pk])).status_code == 302
    assert Moment.objects.visible_to(again(world.bruno)).get() == moment
    assert Notice.objects.filter(path__contains=str(film.pk), person=world.bruno).exists()


def test_a_removed_film_is_erased_after_a_week(world, film, sign_in, django_capture_on_commit_callbacks):
    actions.remove_film(film=film, by=world.amina)
    Film.objects.update(removed_at=timezone.now() - rules.FILM_RESTORABLE_FOR + timedelta(minutes=1))
    cleaning.clean()
    assert Film.objects.exists()
    Film.objects.update(removed_at=timezone.now() - rules.FILM_RESTORABLE_FOR)
    client = sign_in(world.amina)
    assert client.post(reverse("videos:film_restore", args=[film.pk])).status_code == 404
    with pytest.raises(Refusal):
        actions.restore_film(film=film, by=world.amina)
    with django_capture_on_commit_callbacks(execute=True):
        cleaning.clean()
    assert not Film.objects.exists()
    assert not default_storage.exists(paths.media_key(film.pk, film.output, "poster.jpg"))


def test_a_film_brought_back_while_others_are_erased_stays(world, film, monkeypatch):
    second = film_of(world.amina, world.here.group)
    first, second = sorted([film, second], key=lambda one: one.pk)
    Film.objects.update(removed_at=timezone.now() - rules.FILM_RESTORABLE_FOR - timedelta(seconds=1))

    def erased(gone):
        assert gone == first
        Film.objects.filter(pk=second.pk).update(removed_at=None)
        gone.delete()

    monkeypatch.setattr(cleaning, "erase_film", erased)
    cleaning.clean()
    assert list(Film.objects.all()) == [second]


def test_a_removed_film_is_erased_at_once_if_its_author_says_so(
    world, film, sign_in, django_capture_on_commit_callbacks
):
    client = sign_in(world.amina)
    assert client.post(reverse("videos:film_erase", args=[film.pk])).status_code == 404  # it is not removed yet
    actions.remove_film(film=film, by=world.amina)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("videos:film_erase", args=[film.pk])).status_code == 302
    assert not Film.objects.exists()
    assert not default_storage.exists(paths.media_key(film.pk, film.output, "poster.jpg"))


def test_the_search_for_faces_ends_with_the_film(world, film):
    actions.search_faces(film=film, by=world.amina)
    assert Job.objects.filter(kind=queries.FACES).exists()
    actions.erase_film(film=film, by=world.amina)
    assert not Job.objects.exists()


def test_the_end_of_what_people_agreed_to_erases_a_removed_film_too(world, film):
    actions.remove_film(film=film, by=world.amina)
    today = timezone.localdate()
    past = {
        name: today - timedelta(days=days)
        for name, days in (("recorded_from", 90), ("recorded_until", 90), ("ends_on", 60))
    }
    RecordingProject.objects.update(**past)
    ending.purge()
    assert not Film.objects.exists()


def test_a_removed_film_still_weighs_and_still_holds_its_project(world, film):
    Film.objects.update(size_bytes=1000)
    actions.remove_film(film=film, by=world.amina)
    assert queries.stored_bytes(again(world.amina)) == 1000
    with pytest.raises(Refusal, match="effacez-le d’abord"):
        actions.delete_project(project=film.project, by=world.amina)


def test_the_same_file_may_be_deposited_again_after_a_removal(world, film):
    Film.objects.update(size_bytes=4, fingerprint="a" * 64)
    upload = Upload(owner=world.amina, size_bytes=4, fingerprint="a" * 64, file_name="a.mp4")
    assert queries.same_film(upload) == film
    actions.remove_film(film=film, by=world.amina)
    assert queries.same_film(upload) is None


def test_a_film_that_is_not_ready_is_erased_and_its_page_says_so(world, sign_in):
    film = film_of(world.amina, world.here.group, output="", state=FilmState.REFUSED, refusal="Illisible.")
    client = sign_in(world.amina)
    assert "il sera effacé aussitôt" in client.get(reverse("videos:film_removal", args=[film.pk])).content.decode()
    client.post(reverse("videos:film_remove", args=[film.pk]))
    assert not Film.objects.exists()


def test_a_sheet_keeps_its_link_to_a_film_that_may_come_back(world, film):
    sheet = actions.write_sheet(sheet=None, text=actions.SheetText("Fiche", films=[film]), by=again(world.amina))
    actions.remove_film(film=film, by=world.amina)
    actions.write_sheet(sheet=sheet, text=actions.SheetText("Fiche, mieux"), by=again(world.amina))
    actions.restore_film(film=film, by=world.amina)
    assert sheet.films.get() == film


@pytest.mark.parametrize("verb", [actions.remove_film, actions.withdraw_film, actions.erase_film])
def test_nobody_else_takes_a_film_away(world, film, verb):
    for person in (world.bruno, world.inspector, world.superuser):
        with pytest.raises(Refusal):
            verb(film=film, by=person)
    assert Film.objects.visible_to(again(world.bruno)).get() == film


# --- Withdrawn -------------------------------------------------------------------------------------------------------
def test_a_withdrawn_film_is_its_author_s_alone_until_it_is_shared_again(world, film, sign_in):
    announcing.announce(film)
    moment = Moment.objects.create(film=film, author=world.bruno, at_s=1, text="Ici")
    client = sign_in(world.amina)
    assert "Le garder pour moi" in client.get(reverse("videos:film_page", args=[film.pk])).content.decode()
    page = client.post(reverse("videos:film_withdraw", args=[film.pk]), follow=True).content.decode()
    assert "Personne d’autre que vous ne voit plus ce film." in page
    assert not Film.objects.visible_to(again(world.bruno))
    assert not Notice.objects.filter(path__contains=str(film.pk), person=world.bruno)
    assert Film.objects.visible_to(again(world.amina)).get() == film
    assert "Le garder pour moi" not in client.get(reverse("videos:film_page", args=[film.pk])).content.decode()
    actions.share(film=film, project=film.project, audience=Audience.GROUP, by=world.amina)
    assert Moment.objects.visible_to(again(world.bruno)).get() == moment


# --- Described -------------------------------------------------------------------------------------------------------
def test_a_film_is_described_and_found_by_it(world, film, sign_in):
    url = reverse("videos:film_description_save", args=[film.pk])
    typed = {"title": " Dictée à deux ", "levels": ["CE2", "CE1"], "subject": "LANGUAGE"}
    assert sign_in(world.amina).post(url, typed).status_code == 302
    film.refresh_from_db()
    assert (film.title, film.levels, film.subject) == ("Dictée à deux", ["CE1", "CE2"], Subject.LANGUAGE)
    asked = {"niveau": "CE2", "domaine": "LANGUAGE", "q": "dictee"}
    assert [row.film for row in queries.library_page(again(world.bruno), asked).rows] == [film]


@pytest.mark.parametrize(
    "typed", [{"title": " "}, {"title": "a" * 121}, {"title": "b", "levels": ["X"]}, {"title": "b", "subject": "X"}]
)
def test_a_bad_description_is_refused_and_kept_on_the_page(world, film, sign_in, typed):
    answer = sign_in(world.amina).post(reverse("videos:film_description_save", args=[film.pk]), typed)
    assert answer.status_code == 422
    film.refresh_from_db()
    assert film.title == TITLE
    plain = {"levels": [], "subject": ""} | typed
    if len(typed["title"]) <= rules.TITLE_MAX:
        with pytest.raises(Refusal):
            actions.describe_film(film=film, by=world.amina, **plain)
    with pytest.raises(Refusal):
        actions.describe_film(film=film, title="b", by=world.bruno)


# --- Figures ---------------------------------------------------------------------------------------------------------
def test_figures_count_what_was_said_and_made_and_no_private_note(world, film, sign_in):
    asked = Moment.objects.create(film=film, author=world.bruno, at_s=1, text="?", kind=MomentKind.QUESTION)
    asked.replies.create(author=world.amina, text="Oui")
    asked.replies.create(author=world.bruno, text="Non", deleted_at=timezone.now())
    Moment.objects.create(film=film, author=world.bruno, at_s=1, text="x", circle=MomentCircle.PRIVATE)
    Moment.objects.create(film=film, author=world.amina, at_s=1, text="x", circle=MomentCircle.PRIVATE)
    excerpt_of(film, world.bruno, shared=True)
    excerpt_of(film, world.bruno)
    CaptionTrack.objects.create(film=film)
    sheet = PracticeSheet.objects.create(owner=world.amina, title="Fiche")
    sheet.films.add(film)
    collection_things(film, world.amina)
    collection_things(film, world.bruno)  # theirs: not told
    told = queries.figures(film, again(world.amina))
    assert told == queries.Figures(
        comments=1,
        replies=1,
        people=2,
        questions=1,
        excerpts=1,
        rounds=0,
        sheets=1,
        collections=1,
        tracks=1,
        chapters=0,
    )
    page = sign_in(world.amina).get(reverse("videos:film_figures", args=[film.pk])).content.decode()
    for line in ("1\u00a0commentaire et 1\u00a0réponse, de 2\u00a0personnes", "montré dans 1\u00a0collection"):
        assert line in page
    removal = sign_in(world.amina).get(reverse("videos:film_removal", args=[film.pk])).content.decode()
    assert "1\u00a0commentaire" in removal
    assert sign_in(world.bruno).get(reverse("videos:film_figures", args=[film.pk])).status_code == 404


@pytest.mark.parametrize("who", ["bruno", "chloe", "inspector", "adviser", "superuser", "departement"])
def test_nobody_but_the_author_reads_figures(world, who, sign_in):
    film = film_of(world.amina, world.here.group, audience=Audience.DISTRICT)
    client = sign_in(world.people[who])
    for name in ("film_figures", "film_removal", "film_describe"):
        assert client.get(reverse(f"videos:{name}", args=[film.pk])).status_code == 404
