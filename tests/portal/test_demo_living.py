"""What surrounds the first film of the demonstration: a colleague finds it all, and it is well-formed."""

from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone

from circo.models import Notice
from circo.portal.demo import films, living
from circo.portal.demo.plan import plan
from circo.portal.demo.writing import write
from networks.models import MutualisationGroup
from tests.videos.films import film_of
from videos import queries
from videos.models import (
    CaptionTrack,
    Chapter,
    Collection,
    CollectionItem,
    Entry,
    Excerpt,
    Grid,
    Moment,
    Observation,
    ObservationRound,
    PracticeSheet,
    Reply,
)


@pytest.fixture
def film(db):
    write(plan(size="tiny", today=timezone.localdate()))
    amina = living.person("amina")
    film = film_of(amina, MutualisationGroup.objects.of_member(amina).get(), duration_s=24)
    living.fill(film)
    return film


def test_a_colleague_finds_what_was_written(film, sign_in):
    bruno = living.person("bruno")
    moments = list(Moment.objects.visible_to(bruno))
    assert len(moments) == len(living.MOMENTS)
    assert any(moment.ends_at_s for moment in moments)
    assert sum(moment.settled_at is not None for moment in moments) == 1
    assert {moment.kind for moment in moments} == {kind for kind, _ in Moment.kind.field.choices}
    assert CaptionTrack.objects.visible_to(bruno).shown().exists()
    assert Chapter.objects.visible_to(bruno).count() == len(living.CHAPTERS)
    assert Excerpt.objects.visible_to(bruno).count() == 1
    assert PracticeSheet.objects.visible_to(bruno).count() == 1
    assert CollectionItem.objects.visible_to(bruno).count() == 3
    (round_,) = ObservationRound.objects.visible_to(bruno)
    assert round_.observations.count() == 2
    assert Entry.objects.visible_to(bruno).count() == sum(len(notes) for notes in living.SEEN.values())
    client = sign_in(bruno)
    assert client.get(reverse("videos:film_page", args=[film.pk])).status_code == 200
    assert client.get(reverse("videos:round_page", args=[film.pk, round_.pk])).status_code == 200


def test_mentions_name_whoever_is_told(film):
    named = [(reply.text, person) for reply in Reply.objects.all() for person in reply.mentioned.all()]
    assert named
    assert [text for text, person in named if f"@{person}" not in text] == []


def test_nothing_is_written_past_the_end_of_the_film_that_is_discussed(film):
    (clip,) = [clip for clip in films.CLIPS if clip.discussed]
    ends_s = [moment.ends_at_s or moment.at_s for moment in Moment.objects.all()]
    ends_s += [chapter.at_s for chapter in Chapter.objects.all()] + [
        look.end_s for look in ObservationRound.objects.all()
    ]
    ends_s += [entry.at_s for entry in Entry.objects.all()] + [excerpt.out_s for excerpt in Excerpt.objects.all()]
    ends_s += [ends_at_ms / 1000 for _, ends_at_ms, _ in living.CAPTIONS]
    assert max(ends_s) <= clip.duration_s


def test_each_clip_is_a_film_of_its_own(db, monkeypatch):
    """Two of one author had one file: the second showed the pictures of the first."""
    write(plan(size="tiny", today=timezone.localdate()))

    def drawn(clip, file):
        assert not file.exists()
        file.write_text(clip.title)
        return file

    monkeypatch.setattr(films, "make", drawn)
    made = films.deposit_all()
    assert [film.title for film in made] == [clip.title for clip in films.CLIPS]


def test_a_clip_never_stands_for_another(tmp_path):
    short = replace(films.CLIPS[0], duration_s=1)
    file = films.make(short, tmp_path / "film.mp4")
    drawn = file.read_bytes()
    assert drawn
    with pytest.raises(FileExistsError):
        films.make(short, file)
    assert file.read_bytes() == drawn


def test_author_is_told_of_what_colleagues_wrote(film, sign_in):
    told = Notice.objects.filter(person=film.author, kind=queries.FILM_COMMENTED)
    assert told.count() == sum(words.author != "amina" for words in living.MOMENTS)
    client = sign_in(film.author)
    assert "a commenté votre film" in client.get(reverse("portal:home")).content.decode()
    assert client.get(told.first().path).status_code == 200


def test_every_row_passes_the_rules_that_a_form_would_ask(film):
    assert CaptionTrack.objects.get().count == len(living.CAPTIONS)
    for model in (
        Moment,
        Reply,
        Chapter,
        Excerpt,
        Grid,
        ObservationRound,
        Observation,
        Entry,
        PracticeSheet,
        Collection,
    ):
        rows = list(model.objects.all())
        assert rows
        for row in rows:
            row.full_clean()
