"""Deposit, comment, remove: what each refuses, and that a refusal changes nothing."""

import os
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from circo import registries
from circo.errors import Refusal
from circo.models import Job, Notice, Person
from networks.models import Membership
from tests.videos.films import deposited, film_of, folder_of
from videos import actions, cleaning, paths, queries, rules
from videos.models import Film, FilmState, Moment, MomentKind, Upload


def whole_upload(by, content: bytes = b"0123456789") -> Upload:
    upload = actions.start_upload(size_bytes=len(content), file_name="a.mp4", by=by)
    paths.upload_folder(upload.pk).mkdir(parents=True)
    paths.source(upload.pk).write_bytes(content)
    Upload.objects.filter(pk=upload.pk).update(offset_bytes=len(content))
    return Upload.objects.get(pk=upload.pk)


def test_deposit_of_an_arrived_film_queues_it(world):
    film = actions.deposit(
        upload=whole_upload(world.amina), title="  Une dictée  ", group=world.here.group, by=world.amina
    )
    assert (film.title, film.state, film.author) == ("Une dictée", FilmState.PROCESSING, world.amina)
    assert Job.objects.get().subject_id == str(film.pk)


def test_deposit_twice_is_once(world):
    upload = whole_upload(world.amina)
    common = {"upload": upload, "title": "Une dictée", "group": world.here.group, "by": world.amina}
    assert actions.deposit(**common) == actions.deposit(**common)
    assert Film.objects.count() == Job.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda world: {"title": "  "}, "titre"),
        (lambda world: {"group": world.here.other_group}, "membre"),
        (lambda world: {"group": world.there.group}, "membre"),
        (lambda world: {"upload": whole_upload(world.bruno)}, "n’existe plus"),
    ],
)
def test_deposit_refuses_and_changes_nothing(world, change, reason):
    common = {"upload": whole_upload(world.amina), "title": "Un film", "group": world.here.group, "by": world.amina}
    with pytest.raises(Refusal, match=reason):
        actions.deposit(**common | change(world))
    assert not Film.objects.exists()
    assert not Job.objects.exists()


def test_who_left_the_group_does_not_deposit_in_it(world):
    Membership.objects.filter(person=world.amina).update(standing="LEFT", left_on=timezone.localdate())
    with pytest.raises(Refusal):
        actions.deposit(
            upload=whole_upload(world.amina),
            title="Un film",
            group=world.here.group,
            by=Person.objects.get(pk=world.amina.pk),
        )


def test_comment_is_kept_and_its_author_told(world):
    film = film_of(world.amina, world.here.group)
    moment = actions.comment(film=film, at_s=3, kind=MomentKind.FACT, text=" Un silence ", by=world.bruno)
    assert (moment.text, moment.timecode) == ("Un silence", "0:03")
    notice = Notice.objects.get()
    assert (notice.person, notice.kind) == (world.amina, queries.FILM_COMMENTED)
    assert film.title not in notice.title, "what leaves by e-mail holds no title of a film"
    assert "silence" not in notice.title + notice.text
    actions.comment(film=film, at_s=3, kind=MomentKind.FACT, text="Oui", by=world.amina)
    assert Notice.objects.count() == 1, "nobody is told of one's own words"


@pytest.mark.parametrize(("at_s", "text"), [(-1, "a"), (14, "a"), (3, "   "), (float("nan"), "a"), (float("inf"), "a")])
def test_comment_refuses_what_lies_outside_the_film(world, at_s, text):
    film = film_of(world.amina, world.here.group)
    with pytest.raises(Refusal):
        actions.comment(film=film, at_s=at_s, kind=MomentKind.FACT, text=text, by=world.bruno)
    assert not Moment.objects.exists()


def test_stranger_comments_nothing(world):
    film = film_of(world.amina, world.here.group)
    for stranger in (world.chloe, world.denis, world.inspector, world.superuser):
        with pytest.raises(Refusal):
            actions.comment(film=film, at_s=3, kind=MomentKind.FACT, text="a", by=stranger)


def test_comment_removed_comes_back_for_some_minutes(world):
    film = film_of(world.amina, world.here.group)
    moment = Moment.objects.create(film=film, author=world.bruno, at_s=3, text="a")
    with pytest.raises(Refusal):
        actions.remove_moment(moment=moment, by=world.amina)
    actions.remove_moment(moment=moment, by=world.bruno)
    assert not Moment.objects.visible_to(world.bruno).exists()
    with pytest.raises(Refusal):
        actions.restore_moment(moment=moment, by=world.amina)
    actions.restore_moment(moment=moment, by=world.bruno)
    assert Moment.objects.visible_to(world.amina).get() == moment
    Moment.objects.update(deleted_at=timezone.now() - rules.RESTORABLE_FOR)
    with pytest.raises(Refusal):
        actions.restore_moment(moment=moment, by=world.bruno)


def test_film_removed_takes_everything_along(world, django_capture_on_commit_callbacks):
    film = deposited(b"0123456789", world.amina, world.here.group)
    upload = film.upload
    Moment.objects.create(film=film, author=world.bruno, at_s=3, text="a")
    folder_of(paths.output_key(film.pk, "1")).mkdir(parents=True)
    with pytest.raises(Refusal):
        actions.erase_film(film=film, by=world.bruno)
    film_id = film.pk
    with django_capture_on_commit_callbacks(execute=True):
        actions.erase_film(film=film, by=world.amina)
    assert not Film.objects.exists()
    assert not Upload.objects.exists()
    assert not Job.objects.exists()
    assert not folder_of(paths.film_key(film_id)).exists()
    assert not paths.upload_folder(upload.pk).exists()


# --- Pages --------------------------------------------------------------------------------------------------------
def post_deposit(client, **fields):
    return client.post(reverse("videos:film_create"), fields)


def test_form_without_javascript_deposits_the_same(world, sign_in):
    file = SimpleUploadedFile("classe.mp4", b"0123456789")
    answer = post_deposit(sign_in(world.amina), title="Un film", group=world.here.group.pk, file=file)
    film = Film.objects.get()
    assert answer.headers["Location"] == reverse("videos:film_page", args=[film.pk])
    assert film.state == FilmState.PROCESSING
    assert paths.source(film.upload.pk).read_bytes() == b"0123456789"


def test_second_tab_that_deposits_the_same_upload_under_another_title_is_told(world, sign_in):
    client, upload = sign_in(world.amina), whole_upload(world.amina)
    typed = {"group": world.here.group.pk, "upload": upload.pk}
    post_deposit(client, title="Le premier", **typed)
    address = reverse("videos:film_page", args=[Film.objects.get().pk])
    again = client.post(reverse("videos:film_create"), typed | {"title": "Le premier"}, headers={"HX-Request": "true"})
    assert again.headers["Location"] == address, "a lost answer, asked again"
    told = client.post(reverse("videos:film_create"), typed | {"title": "Le second"}, headers={"HX-Request": "true"})
    assert (told.status_code, told.json()) == (409, {"url": address, "title": "Le premier"})
    page = client.post(reverse("videos:film_create"), typed | {"title": "Le second"}, follow=True).content.decode()
    assert "Ce film était déjà déposé, sous le titre «\u00a0Le premier\u00a0»." in page
    assert "«\u00a0Le second\u00a0» et ce que vous avez choisi" in page
    assert Film.objects.get().title == "Le premier"


def test_refused_form_keeps_what_was_typed_and_the_file(world, sign_in):
    client = sign_in(world.amina)
    answer = post_deposit(
        client, title="", group=world.here.group.pk, file=SimpleUploadedFile("classe.mp4", b"0123456789")
    )
    upload = Upload.objects.get()
    assert answer.status_code == 422
    assert not Film.objects.exists()
    assert str(upload.pk) in answer.text
    assert post_deposit(client, title="Un film", group=world.here.group.pk, upload=upload.pk).status_code == 302
    assert Film.objects.get().upload == upload


@pytest.mark.parametrize("group", ["other_group", "there"])
def test_form_does_not_deposit_into_a_group_of_others(world, sign_in, group):
    other = world.there.group if group == "there" else world.here.other_group
    answer = post_deposit(sign_in(world.amina), title="Un film", group=other.pk, upload=whole_upload(world.amina).pk)
    assert answer.status_code == 422
    assert "Un film" in answer.text
    assert not Film.objects.exists()


def test_form_does_not_take_the_upload_of_somebody_else(world, sign_in):
    answer = post_deposit(
        sign_in(world.amina), title="Un film", group=world.here.group.pk, upload=whole_upload(world.bruno).pk
    )
    assert answer.status_code == 422
    assert not Film.objects.exists()


def test_nested_comment_of_another_film_is_not_found(world, sign_in):
    """Own film in the address, own comment of another film behind it: the pair must hold."""
    one, other = film_of(world.amina, world.here.group), film_of(world.amina, world.here.group)
    moment = Moment.objects.create(film=other, author=world.amina, at_s=3, text="a")
    client = sign_in(world.amina)
    for verb in ("moment_delete", "moment_restore"):
        assert client.post(reverse(f"videos:{verb}", args=[one.pk, moment.pk])).status_code == 404
    assert Moment.objects.get().deleted_at is None
    assert client.post(reverse("videos:moment_delete", args=[other.pk, moment.pk])).status_code == 302
    assert Moment.objects.get().deleted_at is not None


def test_pages_cost_the_same_for_one_row_and_three(world, sign_in):
    film = film_of(world.amina, world.here.group)
    addresses = reverse("videos:film_list"), reverse("videos:film_page", args=[film.pk]), reverse("videos:film_deposit")
    client = sign_in(world.bruno)
    costs = []
    for _ in range(2):
        Moment.objects.create(film=film, author=world.bruno, at_s=3, text="a")
        with CaptureQueriesContext(connection) as seen:
            for address in addresses:
                assert client.get(address).status_code == 200
        costs.append(len(seen))
        film_of(world.amina, world.here.group)
        Moment.objects.create(film=film, author=world.amina, at_s=4, text="b")
    assert costs[0] == costs[1]
    assert costs[0] < 40


def test_search_finds_films_in_scope_by_title_or_author(world):
    film_of(world.amina, world.here.group, title="Une dictée négociée")
    film_of(world.chloe, world.here.other_group, title="Une dictée à trous")
    assert [found.title for found in queries.search(world.bruno, "DICTEE", 8)] == ["Une dictée négociée"]
    assert [found.title for found in queries.search(world.bruno, "amina", 8)] == ["Une dictée négociée"]
    assert not queries.search(world.denis, "dictée", 8)
    assert not queries.search(world.superuser, "dictée", 8)
    assert not queries.search(world.bruno, "", 8)


def test_todos_are_ones_own_stopped_deposits(world):
    film_of(world.amina, world.here.group, state="REFUSED", refusal="Trop long.", output="")
    whole_upload(world.amina)
    film_of(world.amina, world.here.group)
    titles = [todo.title for todo in registries.todos_of(world.amina)]
    assert "Votre film n’a pas pu être préparé" in titles
    assert "Un film attend son titre et son groupe" in titles
    assert not queries.todos(world.bruno)


# --- Cleaning -----------------------------------------------------------------------------------------------------
def make_old(folder) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    os.utime(folder, (1, 1))


def test_expired_upload_goes_and_its_film_says_why(world, django_capture_on_commit_callbacks):
    upload = actions.start_upload(size_bytes=10, file_name="a.mp4", by=world.amina)
    film = actions.deposit(upload=upload, title="Un film", group=world.here.group, by=world.amina)
    kept = whole_upload(world.amina)
    make_old(paths.upload_folder(upload.pk))
    Upload.objects.filter(pk=upload.pk).update(expires_at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        cleaning.clean()
    film.refresh_from_db()
    assert film.state == FilmState.REFUSED
    assert "pas été terminé" in film.refusal
    assert list(Upload.objects.all()) == [kept]
    assert not paths.upload_folder(upload.pk).exists()
    assert paths.source(kept.pk).exists()


def test_film_in_preparation_keeps_its_source_however_long_it_waits(world):
    film = deposited(b"0123456789", world.amina, world.here.group)
    Upload.objects.update(expires_at=timezone.now())
    cleaning.clean()
    assert paths.source(film.upload.pk).exists()


def test_folders_that_no_row_names_go_once_they_are_old(world):
    film = film_of(world.amina, world.here.group)
    orphans = [
        paths.upload_folder(film.pk),
        folder_of(paths.film_key(world_id := Upload().pk)),
        folder_of(paths.output_key(film.pk, "7")),
        paths.work_folder(film.pk, 3),
    ]
    for folder in orphans:
        make_old(folder)
    young = paths.work_folder(world_id, 1)
    young.mkdir(parents=True)
    cleaning.clean()
    assert not [folder for folder in orphans if folder.exists()]
    assert young.exists()
    assert (folder_of(paths.output_key(film.pk, "1")) / "poster.jpg").exists()


def test_upload_asked_again_after_a_lost_answer_is_the_same_one(world):
    asked = [actions.start_upload(size_bytes=10, file_name="a.mp4", by=world.amina) for _ in range(2)]
    assert asked[0] == asked[1]
    actions.receive(upload_id=asked[0].pk, offset=0, stream=BytesIO(b"x" * 4), length=4, checksum=None, by=world.amina)
    assert actions.start_upload(size_bytes=10, file_name="a.mp4", by=world.amina) != asked[0], "one is under way"
    assert actions.start_upload(size_bytes=10, file_name="a.mp4", by=world.bruno).owner == world.bruno
