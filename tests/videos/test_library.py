"""The library: what is found, where, and what must never be found nor counted."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from circo.models import Person
from circo.registries import search as portal_search
from tests.videos.excerpts import excerpt_of
from tests.videos.films import film_of
from tests.world import join
from videos import queries
from videos.consents.rules import Answer, Audience
from videos.models import CaptionTrack, Film, Moment, MomentCircle, MomentKind, PracticeSheet, Subject

pytestmark = pytest.mark.django_db
HIDDEN = "Zanzibar"


@pytest.fixture
def film(world):
    return film_of(world.amina, world.here.group, title="Une dictée négociée", duration_s=200)


def library(person: Person, **asked: str) -> queries.LibraryPage:
    return queries.library_page(Person.objects.get(pk=person.pk), asked)  # a reach of its own


def titles(person: Person, **asked: str) -> list[str]:
    return [row.film.title for row in library(person, **asked).rows]


def captions(film: Film, *cues: tuple[int, int, str], shown: bool = True, **fields) -> CaptionTrack:
    rows, text = [list(cue) for cue in cues], "\n".join(cue[2] for cue in cues)
    fields = {"shown_at": timezone.now() if shown else None} | fields
    return CaptionTrack.objects.create(film=film, rows=rows, text=text, **fields)


def moment(film: Film, author: Person, text: str, **fields) -> Moment:
    return Moment.objects.create(film=film, author=author, text=text, **({"at_s": 12} | fields))


def sheet(film: Film, *, title="Oser écrire", **fields) -> PracticeSheet:
    made = PracticeSheet.objects.create(owner=film.author, title=title, **fields)
    made.films.add(film)
    return made


# --- Found, and where ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("words", ["DICTEE", "négociée dictée", "amina", "petit dictee", "une amina NEGOCIEE"])
def test_a_film_is_found_by_its_title_and_its_author_without_accents(world, film, words):
    assert titles(world.bruno, q=words) == [film.title]


def test_words_are_found_where_they_are_said_and_lead_there(world, film, sign_in):
    captions(film, (1000, 3000, "Bonjour"), (134_000, 136_000, "On écoute le silence du Frelon"))
    page = sign_in(world.bruno).get(reverse("videos:film_list", query={"q": "frelon silence"})).content.decode()
    assert "Dans les sous-titres, à 2:14" in page
    assert "On écoute le <mark>silence</mark> du <mark>Frelon</mark>" in page
    link = unescape(re.search(r'href="([^"]+)">Dans les sous-titres', page)[1])
    assert link == reverse("videos:film_page", args=[film.pk], query={"t": "134.0"})
    assert 'data-start="134.0"' in sign_in(world.bruno).get(link).content.decode()


def test_words_are_found_in_comments_replies_and_sheets(world, film, sign_in):
    said = moment(film, world.bruno, "La relance du papillon")
    said.replies.create(author=world.amina, text="Oui, le scarabée aussi")
    sheet(film, keeps="La prochaine fois : le hanneton.", group=film.group)
    for word, place in (
        ("papillon", "Dans un commentaire de Bruno Petit, à 0:12"),
        ("scarabee", "Dans une réponse d’Amina Petit, à 0:12"),
        ("hanneton", "Dans la fiche «\u00a0Oser écrire\u00a0»"),
    ):
        (row,) = library(world.bruno, q=word).rows
        assert [hit.place for hit in row.hits] == [place]
        assert "".join(text for text, is_word in row.hits[0].parts if is_word).casefold()[:5] == word[:5]


def test_all_the_words_count_wherever_each_stands(world, film):
    captions(film, (0, 2000, "un papillon"))
    moment(film, world.bruno, "un scarabée")
    film_of(world.amina, world.here.group, title="Le papillon seul")
    assert titles(world.bruno, q="dictée papillon scarabée amina") == [film.title]
    assert titles(world.bruno, q="papillon") == ["Le papillon seul", film.title]  # named so first
    assert titles(world.bruno, q="papillon introuvable") == []


def test_a_sheet_shows_a_film_by_an_excerpt_too(world, film):
    shown = excerpt_of(film, world.amina, shared=True)
    made = PracticeSheet.objects.create(owner=world.amina, title="La coccinelle", group=film.group)
    made.excerpts.add(shown)
    assert titles(world.bruno, q="coccinelle") == [film.title]
    shown.shared = False
    shown.save()
    assert titles(world.bruno, q="coccinelle") == []


# --- Never found, never counted --------------------------------------------------------------------------------------
def _private_note(world, film):
    moment(film, world.chloe, HIDDEN, circle=MomentCircle.PRIVATE)


def _talk_between_two(world, film):
    moment(film, world.chloe, HIDDEN, circle=MomentCircle.PAIR)


def _comment_of_the_group(world, film):
    moment(film, world.amina, HIDDEN, circle=MomentCircle.GROUP)


def _reply_under_it(world, film):
    moment(film, world.amina, "Ceci", circle=MomentCircle.GROUP).replies.create(author=world.amina, text=HIDDEN)


def _removed_comment(world, film):
    moment(film, world.amina, HIDDEN, circle=MomentCircle.DISTRICT, deleted_at=timezone.now())


def _reply_under_a_removed_comment(world, film):
    gone = moment(film, world.amina, "Ceci", circle=MomentCircle.DISTRICT, deleted_at=timezone.now())
    gone.replies.create(author=world.amina, text=HIDDEN)


def _removed_reply(world, film):
    said = moment(film, world.amina, "Ceci", circle=MomentCircle.DISTRICT)
    said.replies.create(author=world.amina, text=HIDDEN, deleted_at=timezone.now())


def _draft_captions(world, film):
    captions(film, (0, 1000, HIDDEN), shown=False)


def _removed_captions(world, film):
    captions(film, (0, 1000, HIDDEN), removed_at=timezone.now())


def _draft_sheet(world, film):
    sheet(film, keeps=HIDDEN, levels=["CM2"], subject=Subject.ARTS)


def _sheet_of_another_circle(world, film):
    sheet(film, keeps=HIDDEN, levels=["CM2"], subject=Subject.ARTS, group=film.group)


def _removed_sheet(world, film):
    removed = {"removed_at": timezone.now(), "district": world.here.district}
    sheet(film, keeps=HIDDEN, levels=["CM2"], subject=Subject.ARTS, **removed)


HIDING = [
    _private_note,
    _talk_between_two,
    _comment_of_the_group,
    _reply_under_it,
    _removed_comment,
    _reply_under_a_removed_comment,
    _removed_reply,
    _draft_captions,
    _removed_captions,
    _draft_sheet,
    _sheet_of_another_circle,
    _removed_sheet,
]


@pytest.mark.parametrize("hide", HIDING, ids=lambda hide: hide.__name__.strip("_"))
def test_a_text_that_one_may_not_read_finds_nothing_and_counts_nowhere(world, hide, sign_in):
    """Denis' stand-in here is a trainer of the district: sees the film, is of no group."""
    film = film_of(world.amina, world.here.group, title="Une séance", audience=Audience.DISTRICT)
    before = library(world.trainer)
    hide(world, film)
    assert titles(world.trainer) == ["Une séance"]
    assert titles(world.trainer, q=HIDDEN) == []
    assert titles(world.trainer, niveau="CM2") == titles(world.trainer, domaine="ARTS") == []
    client = sign_in(world.trainer)
    for words in (HIDDEN[:6], f"séance {HIDDEN[:6]}", "séance", ""):
        page = client.get(reverse("videos:film_list", query={"q": words})).content.decode()
        assert HIDDEN not in page
        assert ("Aucun film" in page) == (HIDDEN[:6] in words)
    assert not portal_search(Person.objects.get(pk=world.trainer.pk), HIDDEN)
    talk = library(world.trainer).rows[0].talk
    assert talk.comments == before.rows[0].talk.comments + (hide in (_removed_reply,))


def test_the_same_texts_are_found_by_those_who_may_read_them(world):
    """The canary: each of the texts above would be found, if one had the right to it."""
    film = film_of(world.amina, world.here.group, title="Une séance", audience=Audience.DISTRICT)
    for text, author, fields in (
        ("alpha", world.trainer, {"circle": MomentCircle.PRIVATE}),
        ("beta", world.trainer, {"circle": MomentCircle.PAIR}),
        ("gamma", world.amina, {"circle": MomentCircle.DISTRICT}),
    ):
        moment(film, author, text, **fields).replies.create(author=author, text=f"re{text}")
    captions(film, (0, 1000, "delta"))
    sheet(film, keeps="epsilon", levels=["CM2"], subject=Subject.ARTS, district=world.here.district)
    for word in ("alpha", "beta", "gamma", "realpha", "rebeta", "regamma", "delta", "epsilon"):
        assert titles(world.trainer, q=word) == [film.title], word
        assert portal_search(Person.objects.get(pk=world.trainer.pk), word)
    assert titles(world.trainer, niveau="CM2", domaine="ARTS") == [film.title]
    assert titles(world.bruno, q="alpha") == titles(world.bruno, q="beta") == []  # a note, and a talk of two others


def test_a_film_that_one_does_not_see_is_found_by_nothing(world, film):
    captions(film, (0, 1000, HIDDEN))
    moment(film, world.amina, HIDDEN)
    sheet(film, keeps=HIDDEN, district=world.here.district, levels=["CM2"])
    assert titles(world.bruno, q=HIDDEN) == [film.title]
    for who in (world.chloe, world.denis, world.inspector, world.superuser, world.former, world.trainer):
        page = library(who, q=HIDDEN)
        assert not page.rows
        assert not page.relaxed
        assert page.pages.paginator.count == 0
        assert not [title for title, _ in portal_search(Person.objects.get(pk=who.pk), HIDDEN) if title == "Films"]


# --- Narrowed --------------------------------------------------------------------------------------------------------
def test_filters_narrow_and_stay_in_the_address(world, sign_in):
    join(world.bruno, world.here.other_group)
    film_of(world.amina, world.here.group, title="Court", duration_s=60, levels=["CE1"], subject=Subject.MATHS)
    film_of(world.chloe, world.here.other_group, title="Long", duration_s=1800, levels=["CE1", "CE2"])
    group = str(world.here.other_group.pk)
    assert titles(world.bruno, niveau="CE1") == ["Long", "Court"]
    assert titles(world.bruno, niveau="CE2") == titles(world.bruno, duree="long") == ["Long"]
    assert titles(world.bruno, domaine="MATHS") == titles(world.bruno, duree="court") == ["Court"]
    assert titles(world.bruno, groupe=group) == ["Long"]
    assert titles(world.bruno, reseau=str(world.here.network.pk), tri="titre") == ["Court", "Long"]
    assert titles(world.bruno, tri="anciens") == titles(world.bruno, tri="courts") == ["Court", "Long"]
    page = library(world.bruno, niveau="CE1", groupe=group, q="", tri="titre", page="1")
    assert page.address == reverse("videos:film_list") + f"?niveau=CE1&groupe={group}&tri=titre"
    assert [(chip.text, chip.url) for chip in page.chips] == [
        ("CE1", reverse("videos:film_list") + f"?groupe={group}&tri=titre"),
        (world.here.other_group.name, reverse("videos:film_list") + "?niveau=CE1&tri=titre"),
    ]
    shown = sign_in(world.bruno).get(page.address, headers={"HX-Request": "true"})
    assert shown.headers["HX-Push-Url"] == page.address


def test_what_is_not_a_choice_is_not_asked(world, film):
    foreign = str(world.there.group.pk)
    for odd in ("x", "-1", "9" * 50, "\x00", "<b>", foreign):
        asked = dict.fromkeys(("niveau", "domaine", "duree", "reseau", "groupe", "annee", "vue", "tri", "page"), odd)
        page = library(world.bruno, **asked)
        assert [row.film.title for row in page.rows] == [film.title]
        assert not page.chips
        assert page.address == reverse("videos:film_list")


def test_a_film_is_of_the_levels_that_its_sheet_says(world, film):
    sheet(film, levels=["CM2"], subject=Subject.ARTS, group=film.group)
    assert titles(world.bruno, niveau="CM2", domaine="ARTS") == [film.title]
    assert titles(world.bruno, niveau="CP") == []


def test_films_are_of_the_school_year_of_their_deposit(world, film):
    old = film_of(world.amina, world.here.group, title="Avant")
    Film.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=366))
    this, last = (str(world.year.first_day.year - gap) for gap in (0, 1))
    assert titles(world.bruno, annee=this) == [film.title]
    assert titles(world.bruno, annee=last) == ["Avant"]


def test_one_s_own_films(world, film):
    assert titles(world.amina, vue="miens") == [film.title]
    assert titles(world.bruno, vue="miens") == []


def test_the_card_of_a_film_says_when_nobody_else_sees_it(world, film, sign_in):
    def page(person):
        return sign_in(person).get(reverse("videos:film_list")).content.decode()

    assert "pour vous seulement" not in page(world.amina)
    film.project.people.first().agreements.update(answer=Answer.WITHDRAWN)
    assert "pour vous seulement" in page(world.amina)
    assert film.title not in page(world.bruno)


def test_a_film_is_to_discuss_until_a_colleague_spoke_and_while_a_question_is_open(world, film):
    assert titles(world.bruno, vue="a-discuter") == [film.title]
    assert titles(world.amina, vue="a-discuter") == []  # nobody discusses one's own film alone
    moment(film, world.amina, "Voyez ici")
    moment(film, world.bruno, "Note", circle=MomentCircle.PRIVATE)
    assert titles(world.bruno, vue="a-discuter") == [film.title]
    asked = moment(film, world.bruno, "Pourquoi ?", kind=MomentKind.QUESTION)
    assert titles(world.bruno, vue="a-discuter") == titles(world.amina, vue="a-discuter") == [film.title]
    asked.settled_at = timezone.now()
    asked.save()
    assert titles(world.bruno, vue="a-discuter") == titles(world.amina, vue="a-discuter") == []


def test_nothing_left_says_what_to_take_off(world, film, sign_in):
    page = library(world.bruno, q="dictée", duree="long")
    assert not page.rows
    assert [(chip.text, chip.count) for chip in page.relaxed] == [("plus de 15\u00a0minutes", 1)]
    shown = sign_in(world.bruno).get(reverse("videos:film_list", query={"q": "dictée", "duree": "long"}))
    assert "plus de 15\u00a0minutes (1 film)" in shown.content.decode()


# --- Cost ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("asked", "cost"), [({}, 6), ({"vue": "a-discuter"}, 4), ({"q": "papillon", "niveau": "CE1"}, 17)]
)
def test_the_cost_does_not_grow(world, django_assert_num_queries, count, asked, cost):
    for number in range(count):
        film = film_of(world.amina, world.here.group, title=f"Papillon {number}", levels=["CE1"])
        captions(film, (0, 1000, "papillon"), (1000, 2000, "papillon encore"))
        moment(film, world.bruno, "papillon").replies.create(author=world.amina, text="papillon")
        sheet(film, title=f"Papillon {number}", group=film.group)
    person = Person.objects.get(pk=world.bruno.pk)
    person.reach().grounds  # noqa: B018 (read once a request)
    with django_assert_num_queries(cost):
        page = queries.library_page(person, asked)
    assert len(page.rows) == (0 if "vue" in asked else count)


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("Le cœur bat", ["coeur"], "Le [cœur] bat"),
        ("Oui", ["non"], "Oui"),
        ("é" * 3, ["e"], "[é][é][é]"),
        ("mot " * 60 + "cible " + "fin " * 60, ["cible"], None),
    ],
)
def test_the_text_around_a_word(text, words, shown):
    parts = queries.finding.around(text, words)
    drawn = "".join(f"[{part}]" if is_word else part for part, is_word in parts)
    if shown is None:
        assert "[cible]" in drawn
        assert drawn.startswith("…mot ")
        assert drawn.endswith("…")
        assert len(drawn) < 160
    else:
        assert drawn == shown
