"""Quotes of films and sheets in a salon: each reader sees them under one's own rights, or sealed, wherever they go."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from circo import notice_mails
from circo.models import Notice, OutgoingMail
from networks.models import Post, Quote
from networks.salons import live, telling
from tests.networks.salon_things import salon_of
from tests.videos.films import film_of
from tests.videos.sheets import sheet_things
from videos import actions
from videos.models import MomentCircle, MomentKind

SEALED = "Ce passage n’est pas ouvert à vous."
SECRETS = ("Une dictée secrète", "Un silence secret", "poster.jpg")


@pytest.fixture
def salon(world):
    """A room of the network: Chloé is in it, and not in the group whose film is quoted."""
    return salon_of(world.here.network)


@pytest.fixture
def moment(world):
    film = film_of(world.amina, world.here.group, title="Une dictée secrète")
    return actions.comment(film=film, at_s=3, kind=MomentKind.FACT, text="Un silence secret", by=world.amina)


def address(moment) -> str:
    return f"http://testserver{actions.moments.address(moment)}"


def publish(client, salon, **fields):
    return client.post(reverse("networks:post_create", args=[salon.pk]), {"text": "À voir", **fields})


def test_who_sees_the_thing_sees_its_card_and_the_others_a_sealed_one(world, salon, moment, sign_in):
    assert publish(sign_in(world.amina), salon, quote=address(moment)).status_code == 302
    page = reverse("networks:salon_page", args=[salon.pk])
    bruno = sign_in(world.bruno).get(page).content.decode()
    assert all(word in bruno for word in SECRETS)
    chloe = sign_in(world.chloe).get(page).content.decode()
    assert SEALED in chloe
    assert not any(word in chloe for word in SECRETS)
    thread = reverse("networks:post_page", args=[salon.pk, 1])
    assert SEALED in sign_in(world.chloe).get(thread).content.decode()


def test_the_card_that_a_page_asks_for_is_its_reader_s(world, salon, moment, sign_in):
    publish(sign_in(world.amina), salon, quote=address(moment))
    ask = reverse("networks:quote_cards", args=[salon.pk], query={"n": Quote.objects.get().pk})
    assert "Un silence secret" in sign_in(world.bruno).get(ask).content.decode()
    chloe = sign_in(world.chloe).get(ask).content.decode()
    assert SEALED in chloe
    assert not any(word in chloe for word in SECRETS)
    Post.objects.update(hidden_at=timezone.now())
    assert "Un silence secret" not in sign_in(world.bruno).get(ask).content.decode()


def test_what_goes_to_many_at_once_holds_no_card(world, salon, moment, sign_in):
    publish(sign_in(world.amina), salon, quote=address(moment))
    told = live.changes(salon.pk, 0).posts[0]["html"]
    assert "data-quote" in told
    assert SEALED not in told
    assert not any(word in told for word in SECRETS)
    asked = sign_in(world.amina).get(reverse("networks:salon_changes", args=[salon.pk]), {"n": "0"}).content.decode()
    assert not any(word in asked for word in SECRETS)


def test_a_search_and_a_digest_hold_nothing_of_what_is_quoted(world, salon, moment, sign_in, settings):
    publish(sign_in(world.amina), salon, text="Un mot à moi", quote=address(moment))
    page = reverse("networks:salon_page", args=[salon.pk])
    for words in ("secret", "dictée"):
        assert "Aucun message" in sign_in(world.bruno).get(page, {"q": words}).content.decode()
    telling.tell_news(now=timezone.now() + timedelta(minutes=1))
    told = Notice.objects.filter(kind="salon-news")
    assert told.count() > 3
    notice_mails.mail_digests(now=timezone.now() + timedelta(days=1))
    sent = [f"{value}" for row in OutgoingMail.objects.values() for value in row.values()]
    assert sent
    for word in (*SECRETS, "Un mot à moi", salon.title):
        assert not any(word in part for part in sent), word
    assert not any("<img" in part for part in sent)


def test_a_copy_of_the_salon_holds_what_its_reader_sees(world, salon, moment, sign_in):
    publish(sign_in(world.amina), salon, text="Un mot à moi", quote=address(moment))
    copy = reverse("networks:salon_export", args=[salon.pk])
    assert "> Une dictée secrète, À 0:03, Amina Petit" in sign_in(world.bruno).get(copy).content.decode()
    chloe = sign_in(world.chloe).get(copy).content.decode()
    assert "Un mot à moi" in chloe
    assert "> (un passage qui n’est pas ouvert à vous)" in chloe
    assert not any(word in chloe for word in SECRETS)
    Post.objects.update(hidden_at=timezone.now())
    assert "Un mot à moi" not in sign_in(world.bruno).get(copy).content.decode()


def test_a_quote_is_sealed_again_once_the_right_ends(world, salon, moment, sign_in):
    publish(sign_in(world.amina), salon, quote=address(moment))
    page = reverse("networks:salon_page", args=[salon.pk])
    actions.withdraw_film(film=moment.film, by=world.amina)
    seen = sign_in(world.bruno).get(page).content.decode()
    assert SEALED in seen
    assert not any(word in seen for word in SECRETS)


def test_one_quotes_only_what_one_sees(world, salon, moment, sign_in):
    client = sign_in(world.chloe)
    for asked in (address(moment), "https://ailleurs.test/", "films/", "http://[", "x" * 600):
        refused = publish(client, salon, quote=asked)
        assert refused.status_code == 422
        assert "À voir" in refused.content.decode()
    assert not Quote.objects.exists()
    private = actions.comment(
        film=moment.film, at_s=4, kind=MomentKind.FACT, text="Pour moi", by=world.amina, circle=MomentCircle.PRIVATE
    )
    publish(sign_in(world.amina), salon, quote=address(private))
    page = reverse("networks:salon_page", args=[salon.pk])
    assert "Pour moi" in sign_in(world.amina).get(page).content.decode()
    assert "Pour moi" not in sign_in(world.bruno).get(page).content.decode()


def test_a_second_of_a_film_and_a_sheet_are_quoted_too(world, salon, moment, sign_in):
    client = sign_in(world.amina)
    at = reverse("videos:film_page", args=[moment.film_id], query={"t": "8"})
    publish(client, salon, quote=at)
    sheets = sheet_things(moment.film, world.amina, "")
    publish(client, salon, quote=reverse("videos:sheet_page", args=[sheets.kept.pk]))
    seen = client.get(reverse("networks:salon_page", args=[salon.pk])).content.decode()
    assert "À 0:08, film d’Amina Petit" in seen
    assert sheets.kept.title in seen
    assert [quote.kind for quote in Quote.objects.order_by("pk")] == ["film", "sheet"]


# --- From the page of the thing --------------------------------------------------------------------------------------
def quote_links(body: str) -> list[str]:
    """Where « Citer dans un salon » leads."""
    return [unescape(link) for link in re.findall(r'href="([^"]*/salons/citer/[^"]*)"', body)]


def test_a_film_is_quoted_from_its_page_in_one_of_one_s_salons(world, salon, moment, sign_in):
    client = sign_in(world.bruno)
    elsewhere = salon_of(world.here.other_group, title="Le salon des autres")
    page = client.get(reverse("videos:film_page", args=[moment.film_id], query={"t": "7"})).content.decode()
    (chooser,) = quote_links(page)
    offered = client.get(chooser).content.decode()
    assert "Une dictée secrète" in offered
    assert elsewhere.title not in offered
    (ready,) = [unescape(link) for link in re.findall(r'href="([^"]*citer=[^"]*)"', offered)]
    assert ready.startswith(reverse("networks:salon_page", args=[salon.pk]))
    form = client.get(ready).context["form"]
    assert form["quote"].value() == f"{reverse('videos:film_page', args=[moment.film_id])}?t=7.0"
    assert publish(client, salon, quote=form["quote"].value()).status_code == 302
    assert (Quote.objects.get().kind, Quote.objects.get().object_id) == ("film", f"{moment.film_id}@7")


def test_a_sheet_is_quoted_from_its_page_once_it_is_shared(world, salon, sign_in):
    sheet = sheet_things(film_of(world.amina, world.here.group), world.amina).kept
    client, page = sign_in(world.amina), reverse("videos:sheet_page", args=[sheet.pk])
    assert quote_links(client.get(page).content.decode()) == [], "a draft is read by nobody else"
    type(sheet).objects.filter(pk=sheet.pk).update(group=world.here.group)
    (chooser,) = quote_links(client.get(page).content.decode())
    assert sheet.title in client.get(chooser).content.decode()


def test_the_chooser_shows_nothing_of_what_one_does_not_see(world, salon, moment, sign_in):
    """Neither the chooser nor the box to write in tells that there is something behind an address."""
    film = reverse("videos:film_page", args=[moment.film_id])
    client = sign_in(world.chloe)
    for asked in (film, address(moment), "https://ailleurs.test/", "http://[", ""):
        assert client.get(reverse("networks:quote_new", query={"adresse": asked})).status_code == 404
        box = client.get(reverse("networks:salon_page", args=[salon.pk], query={"citer": asked}))
        assert box.status_code == 200
        assert box.context["form"]["quote"].value() == ""


def test_the_chooser_of_somebody_without_a_salon_says_so(world, moment, sign_in):
    body = sign_in(world.bruno).get(reverse("networks:quote_new", query={"adresse": address(moment)})).content.decode()
    assert "Vous n’avez pas encore de salon." in body
