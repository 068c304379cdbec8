"""A new film in the place of an old one: alone until its author says so, then with what was said of the old one."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from circo.errors import Refusal
from circo.models import FormDraft, Notice, Person
from tests.circo.drafts import begin
from tests.videos.excerpts import excerpt_of
from tests.videos.films import deposited, film_of
from tests.videos.records import record_of
from videos import actions, announcing, queries
from videos.consents.rules import Audience
from videos.models import (
    Absence,
    CaptionTrack,
    Chapter,
    Collection,
    Film,
    FilmState,
    Moment,
    MomentCircle,
    PracticeSheet,
    Subject,
)
from videos.queries.moments import state_text

pytestmark = pytest.mark.django_db


def again(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


@pytest.fixture
def old(world) -> Film:
    return film_of(world.amina, world.here.group, title="L’ancien", duration_s=100, levels=["CP"], subject=Subject.ARTS)


@pytest.fixture
def new(world, old) -> Film:
    """Ready, and waiting for its author to say so."""
    fields = {"replaces": old, "audience": Audience.PRIVATE, "duration_s": 60}
    return film_of(world.amina, world.here.group, title="Le nouveau", **fields)


def test_a_new_film_is_deposited_beside_the_old_one_and_seen_by_nobody_else(world, old, sign_in):
    client = sign_in(world.amina)
    link = reverse("videos:film_deposit") + f"?remplace={old.pk}"
    assert link in client.get(reverse("videos:film_page", args=[old.pk])).content.decode()
    page = client.get(link).content.decode()
    assert "Ce film en remplacera un autre." in page
    assert 'value="L’ancien"' in page
    assert f'value="{old.pk}"' in page
    assert '<option value="" selected>Plus tard' in page, "the new film may show other people"
    typed = {"title": "Le nouveau", "group": old.group_id, "project": old.project_id, "replaces": old.pk}
    refused = client.post(reverse("videos:film_create"), typed)  # without a file
    assert refused.status_code == 422
    assert "Ce film en remplacera un autre." in refused.content.decode()
    file = SimpleUploadedFile("classe.mp4", b"0123456789")
    assert client.post(reverse("videos:film_create"), typed | {"file": file}).status_code == 302
    new = Film.objects.get(title="Le nouveau")
    assert (new.replaces, new.audience, new.levels, new.subject) == (old, Audience.PRIVATE, ["CP"], Subject.ARTS)
    done = {"state": FilmState.READY, "playable_at": old.playable_at, "ready_at": old.ready_at}
    Film.objects.filter(pk=new.pk).update(output="1", duration_s=1, **done)
    assert list(Film.objects.visible_to(again(world.bruno))) == [old]
    assert "Un film est prêt à en remplacer un autre" in client.get(reverse("portal:home")).content.decode()


def test_the_library_says_what_a_film_will_replace_to_its_author(world, old, new, sign_in):
    def page(person):
        return sign_in(person).get(reverse("videos:film_list")).content.decode()

    assert "remplacera «\u00a0L’ancien\u00a0»" in page(world.amina)
    assert "remplacera" not in page(world.bruno)
    Film.objects.filter(pk=old.pk).update(removed_at=timezone.now())
    assert "remplacera" not in page(world.amina)


@pytest.mark.parametrize("key", ["x", "", "00000000-0000-0000-0000-000000000000"])
def test_what_is_no_film_of_one_s_own_is_not_replaced(world, old, sign_in, key):
    page = sign_in(world.amina).get(reverse("videos:film_deposit"), {"remplace": key})
    assert page.status_code == 200
    assert "Ce film en remplacera un autre." not in page.content.decode()


def test_nobody_replaces_the_film_of_another(world, old, new, sign_in):
    client = sign_in(world.bruno)
    assert "L’ancien" not in client.get(reverse("videos:film_deposit"), {"remplace": str(old.pk)}).content.decode()
    typed = {"title": "Le mien", "group": old.group_id, "replaces": old.pk}
    answer = client.post(reverse("videos:film_create"), typed | {"file": SimpleUploadedFile("a.mp4", b"0123456789")})
    assert answer.status_code == 422
    assert "Le film à remplacer n’est plus là." in answer.content.decode()
    upload = deposited(b"0123456789", world.bruno, world.here.group).upload
    upload.film = None
    upload.save()
    with pytest.raises(Refusal, match="plus là"):
        actions.deposit(upload=upload, title="Le mien", group=old.group, replaces=old, by=world.bruno)
    with pytest.raises(Refusal):
        actions.replace_film(film=new, with_talk=True, by=world.bruno)
    Film.objects.filter(pk=old.pk).update(author=world.bruno)  # not one's own any more
    with pytest.raises(Refusal):
        actions.replace_film(film=new, with_talk=True, by=world.amina)


def test_the_new_film_takes_the_place_of_the_old_one(world, old, new, sign_in):
    announcing.announce(old)
    early = Moment.objects.create(film=old, author=world.bruno, at_s=12, text="Tôt")
    late = Moment.objects.create(film=old, author=world.bruno, at_s=90, ends_at_s=95, text="Tard")
    note = Moment.objects.create(film=old, author=world.bruno, at_s=1, text="Note", circle=MomentCircle.PRIVATE)
    part, beyond = excerpt_of(old, world.bruno), excerpt_of(old, world.bruno, in_s=80, out_s=90)
    Chapter.objects.create(film=old, at_s=0, title="Début")
    CaptionTrack.objects.create(film=old, rows=[[0, 900, "Bonjour"]], text="Bonjour", shown_at=old.ready_at)
    sheet = PracticeSheet.objects.create(owner=world.amina, title="Fiche")
    sheet.films.add(old)
    item = Collection.objects.create(owner=world.bruno, title="À voir").items.create(film=old, rank=1)
    for person, film in ((world.bruno, old), (world.amina, old), (world.amina, new)):
        begin(person, film.drafts_place, text=f"De {film.pk}")
    client = sign_in(world.amina)
    page = client.get(reverse("videos:film_page", args=[new.pk])).content.decode()
    assert "Ce film est prêt à remplacer" in page
    assert "2 commentaires" in page  # the note of another is not counted
    assert "L’ancien dure 1:40, celui-ci 1:00" in page
    assert client.post(reverse("videos:film_replace", args=[new.pk]), {"avec": "oui"}).status_code == 302
    assert list(Film.objects.visible_to(again(world.bruno))) == [new]
    seen = Moment.objects.visible_to(again(world.bruno))
    assert {(one.pk, one.at_s, one.ends_at_s) for one in seen} == {
        (early.pk, 12, None),
        (late.pk, 60, None),
        (note.pk, 1, None),
    }
    assert set(Moment.objects.visible_to(again(world.amina))) == {early, late}
    assert queries.state_of_discussion(old.pk, again(world.bruno)) is None
    assert queries.state_of_discussion(new.pk, again(world.bruno)) == state_text(new.pk, 0, 3)
    for row, film in ((part, new), (beyond, old), (item, new)):
        row.refresh_from_db()
        assert row.film == film
    begun = {draft.person: draft.values["text"] for draft in FormDraft.objects.filter(place=new.drafts_place)}
    assert begun == {world.bruno: [f"De {old.pk}"], world.amina: [f"De {new.pk}"]}, "one's own of the new film stays"
    assert sheet.films.get() == new
    assert new.chapters.get().title == "Début"
    assert new.caption_tracks.get().text == "Bonjour"
    assert not Notice.objects.filter(path__contains=str(old.pk), person=world.bruno)
    assert Notice.objects.filter(path__contains=str(new.pk), person=world.bruno).exists()
    assert Film.objects.visible_to(again(world.amina)).count() == 2
    assert "Ce film est prêt à remplacer" not in client.get(reverse("videos:film_page", args=[new.pk])).content.decode()
    with pytest.raises(Refusal):
        actions.replace_film(film=new, with_talk=True, by=world.amina)


def test_what_was_said_of_the_old_film_may_stay_with_it(world, old, new):
    Moment.objects.create(film=old, author=world.bruno, at_s=12, text="Tôt")
    actions.replace_film(film=new, with_talk=False, by=world.amina)
    assert old.moments.count() == 1
    assert not Moment.objects.visible_to(again(world.bruno))
    assert list(Film.objects.visible_to(again(world.bruno))) == [new]


def test_who_was_absent_from_the_old_film_must_be_said_again(world, old, new):
    child = old.project.people.get(pupil=True)
    Absence.objects.create(film=old, recorded=child)
    child.agreements.update(answer="REFUSED", signed_on=None, scan=None)
    assert list(Film.objects.visible_to(again(world.bruno))) == [old]
    actions.replace_film(film=new, with_talk=True, by=world.amina)
    assert not Film.objects.visible_to(again(world.bruno))


def test_a_wider_circle_needs_captions_of_the_new_film_too(world, old, new):
    Film.objects.filter(pk=old.pk).update(audience=Audience.NETWORK)
    with pytest.raises(Refusal, match="sous-titres"):
        actions.replace_film(film=new, with_talk=True, by=world.amina)
    assert Film.objects.get(pk=new.pk).replaces == old
    CaptionTrack.objects.create(film=old, rows=[[0, 900, "Bonjour"]], text="Bonjour", shown_at=old.ready_at)
    actions.replace_film(film=new, with_talk=True, by=world.amina)
    assert Film.objects.get(pk=new.pk).audience == Audience.NETWORK


def test_a_film_that_is_not_ready_replaces_nothing(world, old, new):
    Film.objects.filter(pk=new.pk).update(state=FilmState.PROCESSING)
    with pytest.raises(Refusal, match="prêt"):
        actions.replace_film(film=new, with_talk=True, by=world.amina)


def test_a_film_replaces_another_of_the_same_group_alone(world, old):
    upload = deposited(b"0123456789", world.amina, world.here.group).upload
    upload.film = None
    upload.save()
    elsewhere = film_of(world.amina, world.here.other_group, project=record_of(world.amina, world.here.other_group))
    with pytest.raises(Refusal, match="même groupe"):
        actions.deposit(upload=upload, title="x", group=old.group, replaces=elsewhere, by=world.amina)
