"""The discussion as a page: narrowed, in pages, cheap; forms that lose nothing; files; and every pair of addresses."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from circo.models import FormDraft, Person
from tests.circo.drafts import keep, ticket_in
from tests.documents import text_of
from tests.videos.films import film_of
from tests.world import join
from videos import actions, queries
from videos.discussion.rules import A_PAGE
from videos.models import Film, Moment, MomentCircle, MomentKind, Reply

pytestmark = pytest.mark.django_db


@pytest.fixture
def film(world) -> Film:
    return film_of(world.amina, world.here.group, duration_s=600)


def say(film: Film, by: Person, text: str = "Un silence", at_s: float = 3, **fields) -> Moment:
    return film.moments.create(author=by, text=text, at_s=at_s, kind=fields.pop("kind", MomentKind.FACT), **fields)


def address(film: Film, name: str = "film_page", **query) -> str:
    return reverse(f"videos:{name}", args=[film.pk], query=query)


def body(client, url: str, **headers) -> str:
    return client.get(url, headers=headers).content.decode()


TYPED = {"text": "Un silence", "at_s": "0:03", "ends_at_s": "", "kind": "FACT", "circle": "GROUP"}


# --- Cost and size ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["film_page", "film_discussion"])
def test_cost_does_not_grow_with_a_thousand_moments(world, sign_in, django_assert_num_queries, film, name):
    client = sign_in(world.bruno)
    moments = [
        Moment(
            film=film, author=world.amina, text=f"Moment {n}", at_s=n * 0.6, ends_at_s=n * 0.6 + 5 if n % 3 else None
        )
        for n in range(1000)
    ]
    Moment.objects.bulk_create(moments)
    Reply.objects.bulk_create(Reply(moment=one, author=world.bruno, text="Vu") for one in Moment.objects.all()[:300])
    with django_assert_num_queries(14):
        page = client.get(address(film, name)).content
    assert len(page) < 160_000
    assert page.count(b'<li class="moment') == A_PAGE
    assert page.count(b"data-moment=") + page.count(b'class="bande') < 120, "marks gather, bands join"


def test_an_unchanged_discussion_answers_nothing(world, sign_in, film):
    say(film, world.bruno)
    client = sign_in(world.amina)
    state = re.search(r'data-etat="([0-9a-f]+)"', body(client, address(film)))[1]
    assert client.get(address(film, "film_discussion", etat=state)).status_code == 204
    say(film, world.bruno, "Note", circle=MomentCircle.PRIVATE)
    assert client.get(address(film, "film_discussion", etat=state)).status_code == 204, "not a sign of what is private"
    say(film, world.bruno, "Autre")
    assert client.get(address(film, "film_discussion", etat=state)).status_code == 200


# --- Narrowing ----------------------------------------------------------------------------------------------------
def test_kind_person_and_open_ones_narrow_list_and_timeline(world, sign_in, film):
    say(film, world.bruno, "Pourquoi", kind=MomentKind.QUESTION)
    settled = say(film, world.amina, "Fait", at_s=60)
    actions.settle_moment(moment=settled, settled=True, by=world.amina)
    client = sign_in(world.bruno)
    for asked, seen, hidden in (
        ({"sorte": "QUESTION"}, "Pourquoi", "Fait"),
        ({"par": world.amina.pk}, "Fait", "Pourquoi"),
        ({"ouverts": "1"}, "Pourquoi", "Fait"),
    ):
        listed = body(client, address(film, **asked))
        texts = re.findall(r'class="moment__text">(.*?)</p>', listed)
        assert (seen in texts, hidden in texts) == (True, False)
        assert listed.count("data-moment=") == 1
    for odd in ("x", "9" * 30, "-1"):
        asked = dict.fromkeys(("sorte", "par", "ouverts", "page", "a", "commentaire", "reponse", "fait", "etat"), odd)
        assert client.get(address(film, **asked)).status_code == 200


def test_a_page_is_found_by_its_number_a_second_or_a_comment(world, sign_in, film):
    for n in range(A_PAGE * 2 + 1):
        last = say(film, world.bruno, f"Texte {n:03d}", at_s=n * 2)
    client = sign_in(world.bruno)
    for asked in ({"page": "3"}, {"a": "160.5"}, {"commentaire": last.pk}):
        assert "Texte 080" in body(client, address(film, "film_discussion", **asked))
    assert "Page 2 sur 3" in body(client, address(film, a="81"))


def test_private_notes_are_not_counted_in_the_list_of_films(world, sign_in, film):
    say(film, world.bruno, circle=MomentCircle.PRIVATE)
    assert "pas de commentaire" in body(sign_in(world.amina), reverse("videos:film_list"))
    assert "pas de commentaire" in body(sign_in(world.bruno), reverse("videos:film_list"))


# --- Forms --------------------------------------------------------------------------------------------------------
def test_a_passage_is_published_and_shown_as_a_band(world, sign_in, film):
    client = sign_in(world.bruno)
    answer = client.post(address(film, "moment_create"), TYPED | {"ends_at_s": "0:12"})
    assert answer.status_code == 302
    page = body(client, answer.url)
    assert "0:03\u2009–\u20090:12" in page
    assert 'class="bande kind--FACT"' in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"at_s": "99:59"}, "choisissez un moment avant la fin"),
        ({"at_s": "nan"}, "Écrivez le moment comme sur le lecteur"),
        ({"ends_at_s": "0:02"}, "La fin du passage vient après son début."),
        ({"ends_at_s": "45:00"}, "choisissez un moment avant la fin"),
        ({"circle": "DISTRICT"}, "Choisissez qui lit ce commentaire"),
        ({"circle": ""}, "Choisissez qui lit ce commentaire"),
        ({"kind": "X"}, "Choisissez l’une des quatre sortes."),
        ({"text": "\u202e"}, "Écrivez votre commentaire."),
        ({"text": "à garder " * 8000}, "au plus 2000 signes"),
        ({"text": "<script>alert(1)</script>", "at_s": ""}, "Indiquez le moment du film"),
    ],
)
def test_a_refused_comment_keeps_what_was_typed(world, sign_in, film, wrong, said):
    client = sign_in(world.bruno)
    typed = {"text": "à garder"} | wrong
    answer = client.post(address(film, "moment_create"), TYPED | typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "<script>alert" not in page
    assert "à garder" in page or "garder" not in typed["text"]
    assert not Moment.objects.exists()


def test_edit_settle_reply_and_undo_without_a_script(world, sign_in, film):
    moment = say(film, world.bruno)
    client = sign_in(world.bruno)
    of = [film.pk, moment.pk]
    form = body(client, reverse("videos:moment_edit", args=of))
    assert 'id="modifier_text"' in form
    assert client.post(reverse("videos:moment_update", args=of), TYPED | {"text": ""}).status_code == 422
    answer = client.post(reverse("videos:moment_update", args=of), TYPED | {"text": "Un long silence"}, follow=True)
    assert "Un long silence" in answer.content.decode()
    assert "modifié" in answer.content.decode()
    assert "réglé" in client.post(reverse("videos:moment_settle", args=of), follow=True).content.decode()
    assert "<strong>réglé" not in client.post(reverse("videos:moment_reopen", args=of), follow=True).content.decode()
    assert "Lue par le groupe" in body(client, reverse("videos:reply_new", args=of))
    assert client.post(reverse("videos:reply_create", args=of), {"text": " "}).status_code == 422
    replied = client.post(reverse("videos:reply_create", args=of), {"text": "Oui", "circle": "GROUP"}, follow=True)
    assert 'class="reply"' in replied.content.decode()
    reply = Reply.objects.get()
    of_reply = [*of, reply.pk]
    assert "Oui" in body(client, reverse("videos:reply_edit", args=of_reply))
    assert client.post(reverse("videos:reply_update", args=of_reply), {"text": ""}).status_code == 422
    changed = client.post(reverse("videos:reply_update", args=of_reply), {"text": "Non"}, follow=True)
    assert "modifiée" in changed.content.decode()
    removed = client.post(reverse("videos:reply_delete", args=of_reply), follow=True).content.decode()
    assert "Réponse supprimée." in removed
    assert 'class="reply"' not in removed
    client.post(reverse("videos:reply_restore", args=of_reply))
    assert Reply.objects.visible_to(world.amina).exists()


def test_whoever_reads_a_word_for_two_is_told_which_two(world, sign_in, film):
    moment = say(film, world.bruno, circle=MomentCircle.PAIR)
    answer = reverse("videos:reply_new", args=[film.pk, moment.pk])
    for person, readers in ((world.bruno, "moi et qui a déposé le film"), (world.amina, f"{world.bruno} et vous")):
        client = sign_in(person)
        assert f"lu par {readers}" in body(client, address(film))
        assert f"Lue par {readers}" in body(client, answer)


def test_what_one_narrowed_stays_narrowed_after_a_reply(world, sign_in, film):
    moment = say(film, world.amina)
    client = sign_in(world.bruno)
    url = reverse("videos:reply_create", args=[film.pk, moment.pk], query={"sorte": "FACT"})
    answer = client.post(url, {"text": "Oui"}, headers={"HX-Request": "true"})
    assert answer.url.startswith(address(film, "film_discussion"))
    assert "sorte=FACT" in answer.url
    assert "Réponse publiée." in body(client, answer.url, **{"HX-Request": "true"})


def test_a_circle_that_changed_meanwhile_is_said_in_the_reply_s_form(world, sign_in, film):
    moment = say(film, world.amina)
    url = reverse("videos:reply_create", args=[film.pk, moment.pk])
    answer = sign_in(world.bruno).post(url, {"text": "Entre nous", "circle": "PAIR"})
    assert answer.status_code == 422
    assert "a changé de cercle" in answer.content.decode()
    assert "Entre nous" in answer.content.decode()


def test_drafts_come_back_and_are_nobody_else_s(world, sign_in, film):
    client = sign_in(world.bruno)
    opened = client.get(address(film))
    assert keep(client, opened, TYPED | {"text": "Je commençais"}).status_code == 200
    page = body(client, address(film))
    assert "Nous avons repris votre brouillon" in page
    assert "Je commençais" in page
    assert "Je commençais" not in body(sign_in(world.amina), address(film))
    client = sign_in(world.bruno)
    kept = keep(client, opened, TYPED | {"garder": ""})
    assert (kept.status_code, kept.url) == (302, address(film))
    client.post(address(film, "moment_create"), TYPED | ticket_in(opened))
    assert Moment.objects.exists()
    assert not FormDraft.objects.exists()


def test_the_draft_of_a_reply_comes_back_in_its_form(world, sign_in, film):
    moment = say(film, world.amina)
    client, form = sign_in(world.bruno), reverse("videos:reply_new", args=[film.pk, moment.pk])
    opened = client.get(form, headers={"HX-Request": "true"})
    keep(client, opened, {"text": "À suivre", "circle": "PAIR"})
    again = body(client, form)
    assert "À suivre" in again
    assert 'value="PAIR"' in again, "sent, it still meets the circle that changed"
    assert FormDraft.objects.get().place == f"moment:{moment.pk}/reply"


def test_every_pair_of_addresses_holds(world, sign_in, film):
    """Own film in the address and the comment of another behind it, own comment and the reply to another: 404."""
    other = film_of(world.amina, world.here.group)
    mine, theirs = say(film, world.amina), say(other, world.amina)
    reply = theirs.replies.create(author=world.amina, text="a")
    client = sign_in(world.amina)
    for name in ("edit", "update", "settle", "reopen", "delete", "restore"):
        url = reverse(f"videos:moment_{name}", args=[film.pk, theirs.pk])
        assert (client.get(url) if name == "edit" else client.post(url, TYPED)).status_code == 404, name
    for name in ("new", "create"):
        url = reverse(f"videos:reply_{name}", args=[film.pk, theirs.pk])
        assert (client.get(url) if name == "new" else client.post(url, {"text": "a"})).status_code == 404, name
    for name in ("edit", "update", "delete", "restore"):
        for of in ([film.pk, mine.pk, reply.pk], [film.pk, theirs.pk, reply.pk], [other.pk, mine.pk, reply.pk]):
            url = reverse(f"videos:reply_{name}", args=of)
            assert (client.get(url) if name == "edit" else client.post(url, {"text": "a"})).status_code == 404, name
    assert client.get(reverse("videos:reply_edit", args=[other.pk, theirs.pk, reply.pk])).status_code == 200, "canary"


# --- Files --------------------------------------------------------------------------------------------------------
HOSTILE = "=HYPERLINK(1) & <b>--> \u202efin\n\nWEBVTT\n00:00:01.000 --> 00:00:02.000"


def test_files_hold_what_the_reader_reads_and_nothing_else(world, sign_in, film):
    join(world.chloe, world.here.group)
    actions.comment(film=film, at_s=3, ends_at_s=12.5, kind=MomentKind.QUESTION, text=HOSTILE, by=world.bruno)
    say(film, world.bruno, "Secret à deux", circle=MomentCircle.PAIR)
    moment = Moment.objects.first()
    actions.reply(moment=moment, text="+1 & <i>", by=world.amina)
    answer = sign_in(Person.objects.get(pk=world.chloe.pk)).get(reverse("videos:moment_export", args=[film.pk, "csv"]))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 3
    assert rows[1][:2] == ["00:00:03.000", "00:00:12.500"]
    assert rows[1][5].startswith("'=HYPERLINK")
    assert rows[2][5] == "'+1 & <i>"
    assert "Secret" not in answer.content.decode()
    for person, readers in ((world.bruno, "moi et qui a déposé le film"), (world.amina, "Bruno Petit et vous")):
        table = sign_in(person).get(reverse("videos:moment_export", args=[film.pk, "csv"])).content.decode()
        assert f'"{readers}";"Secret à deux"' in table
    vtt = sign_in(world.bruno).get(reverse("videos:moment_export", args=[film.pk, "vtt"])).content.decode()
    blocks = vtt.strip().split("\n\n")
    assert blocks[0] == "WEBVTT"
    assert len(blocks) == 4, "a note and two cues: no text makes a cue of its own"
    assert "00:00:03.000 --> 00:00:12.500" in vtt
    assert "&lt;b&gt;--&gt;" in vtt
    assert "<v Amina Petit>+1 &amp; &lt;i&gt;" in vtt
    assert "Secret à deux" in vtt
    assert sign_in(world.bruno).get(reverse("videos:moment_export", args=[film.pk, "exe"])).status_code == 404


def test_a_discussion_on_paper_is_a_tagged_pdf_of_what_one_reads(world, sign_in, film):
    actions.comment(film=film, at_s=3, ends_at_s=12.5, kind=MomentKind.QUESTION, text=HOSTILE, by=world.bruno)
    say(film, world.bruno, "Secret à deux", circle=MomentCircle.PRIVATE)
    moment = Moment.objects.first()
    actions.reply(moment=moment, text="#eval(1) oui", by=world.amina)
    answer = sign_in(world.amina).get(reverse("videos:moment_export", args=[film.pk, "pdf"]))
    assert answer.headers["Content-Type"] == "application/pdf"
    words = text_of(answer.content)
    assert "Une dictée négociée" in words
    assert "#eval(1) oui" in words
    assert "Secret" not in words


def test_too_much_to_print_is_said_and_the_table_stays(world, sign_in, film):
    Moment.objects.bulk_create(
        Moment(film=film, author=world.bruno, at_s=n / 2, text="Un long moment. " * 100) for n in range(1000)
    )
    client = sign_in(world.amina)
    answer = client.get(reverse("videos:moment_export", args=[film.pk, "pdf"]), follow=True)
    assert answer.redirect_chain
    assert "messages" in answer.content.decode()
    assert client.get(reverse("videos:moment_export", args=[film.pk, "csv"])).status_code == 200


def test_the_gate_of_films_is_asked_once_a_look(world, film):
    """A page that is open looks every few seconds: it must not list, each time, every film that its reader watches."""
    bruno = Person.objects.get(pk=world.bruno.pk)
    with CaptureQueriesContext(connection) as asked:
        assert queries.state_of_discussion(film.pk, bruno) is not None
    assert sum("videos_recorded" in query["sql"] for query in asked) == 1
    film = queries.films(bruno).get(pk=film.pk)
    with CaptureQueriesContext(connection) as asked:
        queries.discussion_page(film, bruno)
    read = [query["sql"] for query in asked if ' FROM "videos_moment"' in query["sql"]]
    assert read
    assert not [sql for sql in read if "videos_recorded" in sql]
