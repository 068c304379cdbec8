"""Salons as people use them: who enters, who writes, what is refused and what is never lost."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from circo.models import FormDraft, Notice
from networks.models import Post, PostFile, Salon, SalonReading
from networks.salons import actions, queries, rules
from networks.salons.views import posts
from tests.circo.drafts import keep, ticket_in
from tests.networks.salon_things import file_of, picture, salon_of, say, theme_of
from tests.world import MARK, join

LIST = reverse("networks:salon_list")


def page(salon: Salon, **query: object) -> str:
    return reverse("networks:salon_page", args=[salon.pk], query=query)


def url(name: str, post: Post) -> str:
    return reverse(f"networks:{name}", args=[post.salon_id, post.seq])


def publish(client, salon: Salon, **fields: object):
    return client.post(reverse("networks:post_create", args=[salon.pk]), {"text": "Bonjour", **fields})


@pytest.fixture
def salon(world) -> Salon:
    return salon_of(world.here.group, created_by=world.amina)


# --- Opening, entering ---
def test_a_member_opens_a_salon_for_the_group_and_a_colleague_reads_and_answers(world, sign_in):
    client = sign_in(world.amina)
    assert "Ouvrir un salon" in client.get(LIST).content.decode()
    opened = client.post(
        reverse("networks:salon_create"),
        {"title": "Nos lectures", "about": "Un album par semaine", "place": f"groupe-{world.here.group.pk}"},
    )
    salon = Salon.objects.get()
    assert opened.url == page(salon)
    assert publish(client, salon, text="Un **album** à lire").status_code == 302
    seen = sign_in(world.bruno).get(page(salon)).content.decode()
    assert "<strong>album</strong>" in seen
    assert "Amina Petit" in seen
    first = salon.posts.get()
    answered = publish(sign_in(world.bruno), salon, text="Merci !", parent=first.seq)
    assert answered.status_code == 302
    assert salon.posts.get(parent=first).author == world.bruno
    assert Notice.objects.get(person=world.amina).title == "Bruno Petit a répondu à votre message dans un salon"


def test_a_teacher_opens_none_for_the_district_and_an_adviser_does(world, sign_in):
    there = {"title": "Les nouvelles", "place": f"circo-{world.here.district.pk}"}
    assert sign_in(world.amina).post(reverse("networks:salon_create"), there).status_code == 422
    assert sign_in(world.adviser).post(reverse("networks:salon_create"), there).status_code == 302
    assert Salon.objects.get().district == world.here.district


def test_a_theme_is_opened_to_districts_of_the_departement(world, sign_in):
    asked = {
        "title": "L’écriture",
        "place": f"theme-{world.here.departement.pk}",
        "districts": [world.here.district.pk],
    }
    assert sign_in(world.inspector).post(reverse("networks:salon_create"), asked).status_code == 302
    salon = Salon.objects.get()
    assert [one.district for one in salon.openings.all()] == [world.here.district]
    assert sign_in(world.chloe).get(page(salon)).status_code == 200
    assert sign_in(world.denis).get(page(salon)).status_code == 404
    asked["districts"] = [world.here.district.pk, world.there.district.pk]
    assert sign_in(world.inspector).post(reverse("networks:salon_create"), asked).status_code == 422


def everybody(world):
    return [*world.people.values()]


def test_who_enters_is_who_is_read_from_the_other_side(world):
    """`visible_to` and `people_of` are one set, for every persona and every kind of room."""
    world.here.group.adviser = world.trainer
    world.here.group.save()
    world.here.other_group.adviser = world.superuser
    world.here.other_group.save()
    rooms = [
        salon_of(world.here.group),
        salon_of(world.here.other_group),
        salon_of(world.there.group),
        salon_of(world.here.network),
        salon_of(world.here.district),
        theme_of(world.here, world.here.district),
        theme_of(world.here),
    ]
    checked = 0
    for room in rooms:
        read = Salon.objects.select_related(*queries.READ_WITH).get(pk=room.pk)
        inside = set(queries.people_of(read).values_list("pk", flat=True))
        enters = {one.pk for one in everybody(world) if Salon.objects.visible_to(one).filter(pk=room.pk).exists()}
        assert inside == enters, room.place
        assert queries.hearers(room.pk, [one.pk for one in everybody(world)]) == enters
        checked += len(enters)
    assert checked > 20


def test_an_inspector_enters_no_group_and_the_administrator_no_room(world, salon, sign_in):
    assert sign_in(world.inspector).get(page(salon)).status_code == 404
    for room in (salon, salon_of(world.here.district)):
        assert sign_in(world.superuser).get(page(room)).status_code == 404
        assert sign_in(world.departement).get(page(room)).status_code == 404


def test_a_group_has_only_so_many_salons(world, sign_in):
    for _ in range(rules.SALONS_OF_A_GROUP_MAX):
        salon_of(world.here.group)
    asked = {"title": "Un de trop", "place": f"groupe-{world.here.group.pk}"}
    refused = sign_in(world.amina).post(reverse("networks:salon_create"), asked)
    assert refused.status_code == 422
    assert "archivez-en un" in refused.content.decode()


def test_an_archived_salon_is_read_and_nobody_writes_in_it(world, salon, sign_in):
    say(salon, world.amina, "À relire l’an prochain")
    assert sign_in(world.bruno).post(reverse("networks:salon_archive", args=[salon.pk])).status_code == 404
    client = sign_in(world.amina)
    client.post(reverse("networks:salon_archive", args=[salon.pk]))
    seen = client.get(page(salon)).content.decode()
    assert "À relire" in seen
    assert "Publier" not in seen
    refused = publish(client, salon)
    assert refused.status_code == 422
    assert salon.title not in client.get(LIST).content.decode()
    assert salon.title in client.get(LIST, {"archives": "1"}).content.decode()
    client.post(reverse("networks:salon_reopen", args=[salon.pk]))
    assert publish(client, salon).status_code == 302


# --- What may be written ---
def test_a_hundred_thousand_characters_are_refused_and_kept(world, salon, sign_in):
    text = "mot " * 25_000
    refused = publish(sign_in(world.amina), salon, text=text)
    assert refused.status_code == 422
    said = refused.content.decode()
    assert "Ce message compte 99\u202f999 signes" in said
    assert text.strip() in said
    assert text.strip() in sign_in(world.amina).get(page(salon)).content.decode()
    assert text.strip() not in sign_in(world.bruno).get(page(salon)).content.decode()


def test_a_draft_goes_once_the_message_is_published(world, salon, sign_in):
    client = sign_in(world.amina)
    opened = client.get(page(salon))
    keep(client, opened, {"text": "Je pense", "parent": "3", "client_key": "k"})
    assert FormDraft.objects.get().values == {"text": ["Je pense"], "quote": []}, "what the page makes is not kept"
    assert "Je pense" in client.get(page(salon)).content.decode()
    publish(client, salon, **ticket_in(opened))
    assert not FormDraft.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [("x.png", b"<html><script>alert(1)</script></html>", "image/png"), ("x.pdf", b"MZ", "application/pdf")],
)
def test_a_file_that_is_not_what_its_name_says_is_refused_with_a_sentence(world, salon, sign_in, name, content, kind):
    refused = publish(
        sign_in(world.amina), salon, text="Voici", documents=[SimpleUploadedFile(name, content, content_type=kind)]
    )
    assert refused.status_code == 422
    said = refused.content.decode()
    assert f"«\u00a0{name}\u00a0» ne peut pas être joint" in said
    assert "Voici" in said
    assert not Post.objects.exists()
    assert not PostFile.objects.exists()


def test_a_picture_is_made_again_and_goes_to_who_reads_the_message_alone(world, salon, sign_in):
    sent = picture() + b"<script>hidden</script>"
    publish(sign_in(world.amina), salon, text="", documents=[SimpleUploadedFile("classe.png", sent)])
    file = PostFile.objects.get()
    assert file.name == "classe.jpg"
    address = reverse("networks:post_file", args=[file.pk])
    got = sign_in(world.bruno).get(address)
    assert got.headers["Content-Type"] == "image/jpeg"
    assert b"hidden" not in got.getvalue()
    assert sign_in(world.chloe).get(address).status_code == 404
    Post.objects.update(hidden_at="2026-01-01T00:00Z")
    assert sign_in(world.bruno).get(address).status_code == 404


def test_documents_have_a_quota(world, salon, sign_in, monkeypatch):
    monkeypatch.setattr(rules, "FILES_MAX_BYTES", 100)
    refused = publish(sign_in(world.amina), salon, documents=[SimpleUploadedFile("a.jpg", picture())])
    assert "toute la place" in refused.content.decode()


def test_an_unknown_emoji_is_refused_with_a_sentence(world, salon, sign_in):
    post = say(salon, world.amina)
    client = sign_in(world.bruno)
    assert client.post(url("post_react", post), {"code": "👍"}).status_code == 302
    assert [one.code for one in post.reactions.all()] == ["pouce"]
    refused = client.post(url("post_react", post), {"code": "🦄"})
    assert refused.status_code == 422
    assert "Cette réaction n’existe pas ici" in refused.content.decode()
    client.post(url("post_react", post), {"code": "pouce"})
    assert not post.reactions.exists()


def test_reactions_have_a_pace_of_each_person(world, salon, sign_in, monkeypatch):
    """Given and taken back without end, they would be told to everybody without end."""
    monkeypatch.setitem(posts.PACE, "reaction", "3/m/user")
    post = say(salon, world.amina)
    client = sign_in(world.bruno)
    before = salon_seq(salon)
    for headers in ({}, {"Accept": "application/json"}, {}):
        assert client.post(url("post_react", post), {"code": "merci"}, headers=headers).status_code in (204, 302)
    for headers in ({}, {"Accept": "application/json"}):
        refused = client.post(url("post_react", post), {"code": "merci"}, headers=headers)
        assert refused.status_code == 422
        said = refused.json()["error"] if headers else refused.content.decode()
        assert "Vous avez beaucoup réagi en peu de temps." in said
    assert salon_seq(salon) == before + 3, "what is refused wakes nobody"
    assert sign_in(world.amina).post(url("post_react", post), {"code": "merci"}).status_code == 302


def salon_seq(salon) -> int:
    salon.refresh_from_db()
    return salon.last_seq


def test_a_mention_of_somebody_outside_is_refused_with_a_sentence(world, salon, sign_in):
    client = sign_in(world.amina)
    refused = publish(client, salon, text="Qu’en dis-tu @Chloé Petit ?")
    assert refused.status_code == 422
    said = refused.content.decode()
    assert "«\u00a0@Chloé\u00a0» n’appelle personne de ce salon" in said
    assert "Qu’en dis-tu @Chloé Petit ?" in said
    assert not Post.objects.exists()
    publish(client, salon, text="Qu’en dis-tu @Bruno ? Écris à amina@petit.fr avant 18h")
    told = Notice.objects.get()
    assert (told.person, told.title) == (world.bruno, "Amina Petit vous mentionne dans un salon")
    assert "dis-tu" not in told.title + told.text


def test_sending_again_what_was_received_writes_nothing_twice(world, salon, sign_in):
    client, key = sign_in(world.amina), uuid4()
    for _ in range(2):
        assert publish(client, salon, client_key=key).status_code == 302
    assert salon.posts.count() == 1


def test_who_floods_waits(world, salon, sign_in, monkeypatch):
    monkeypatch.setattr(rules, "WRITTEN_OF_ONE_MAX", 2)
    say(salon, world.amina)
    say(salon, world.amina)
    assert "beaucoup écrit" in publish(sign_in(world.amina), salon).content.decode()


def test_html_and_pictures_in_markdown_stay_words(world, salon, sign_in):
    publish(sign_in(world.amina), salon, text="<img src=x onerror=alert(1)> ![x](http://evil/x.png) [a](javascript:b)")
    seen = sign_in(world.bruno).get(page(salon)).content.decode()
    assert "<img src=x" not in seen
    assert "evil/x.png" not in seen or 'src="http://evil' not in seen
    assert 'href="javascript' not in seen


# --- Changing, removing, pinning ---
def test_one_changes_and_removes_one_s_own_and_may_bring_it_back(world, salon, sign_in):
    post = say(salon, world.amina, "Bonjuor")
    for verb in ("post_update", "post_remove"):
        assert sign_in(world.bruno).post(url(verb, post), {"text": "Faux"}).status_code == 404
    client = sign_in(world.amina)
    client.post(url("post_update", post), {"text": "Bonjour"})
    assert "modifié" in client.get(page(salon)).content.decode()
    gone = client.post(url("post_remove", post))
    assert "Annuler" in client.get(gone.url).content.decode()
    assert "Ce message a été retiré." in sign_in(world.bruno).get(page(salon)).content.decode()
    sign_in(world.amina).post(url("post_restore", post))
    assert "Bonjour" in sign_in(world.bruno).get(page(salon)).content.decode()


def test_an_edit_that_is_refused_loses_nothing(world, salon, sign_in):
    post = say(salon, world.amina)
    refused = sign_in(world.amina).post(url("post_update", post), {"text": "Pour @Chloé"})
    assert refused.status_code == 422
    assert "Pour @Chloé" in refused.content.decode()
    post.refresh_from_db()
    assert post.text == "Bonjour à tous"


def test_who_opened_the_salon_pins(world, salon, sign_in):
    post = say(salon, world.bruno, "La liste des albums")
    assert sign_in(world.bruno).post(url("post_pin", post)).status_code == 404
    sign_in(world.amina).post(url("post_pin", post))
    assert "1 message épinglé" in sign_in(world.bruno).get(page(salon)).content.decode()
    sign_in(world.amina).post(url("post_pin", post), {"pinned": "0"})
    assert "épinglé" not in sign_in(world.bruno).get(page(salon)).content.decode()


def test_every_change_takes_a_number_and_what_is_asked_since_misses_nothing(world, salon):
    post = say(salon, world.amina)
    other = say(salon, world.bruno)
    assert (post.seq, other.seq) == (1, 2)
    actions.react(post=post, code="merci", by=world.bruno)
    actions.edit_post(post=other, text="Autre", by=world.bruno)
    actions.remove_post(post=post, by=world.amina)
    assert [(one.seq, one.changed_seq) for one in queries.changed_since(salon.pk, 0)] == [(2, 4), (1, 5)]
    assert [one.seq for one in queries.changed_since(salon.pk, 4)] == [1]


# --- Reading ---
def test_unread_marks_follow_a_person_across_devices(world, salon, sign_in):
    for number in range(3):
        say(salon, world.bruno, f"Message {number}")
    client = sign_in(world.amina)
    assert "3 non lus" in client.get(LIST).content.decode()
    assert "Non lus à partir d’ici" in client.get(page(salon)).content.decode()
    client.post(reverse("networks:salon_read", args=[salon.pk]), {"n": "2"})
    client.post(reverse("networks:salon_read", args=[salon.pk]), {"n": "1"})
    assert SalonReading.objects.get().read_seq == 2
    assert "1 non lu<" in client.get(LIST).content.decode()
    assert "non lu<" not in sign_in(world.bruno).get(LIST).content.decode()


def test_a_long_salon_is_read_by_stretches_both_ways(world, salon, sign_in, monkeypatch):
    monkeypatch.setattr(rules, "A_PAGE", 3)
    monkeypatch.setattr(rules, "WRITTEN_OF_ONE_MAX", 100)
    for number in range(1, 11):
        say(salon, world.bruno, f"Message n° {number}.")
    client = sign_in(world.amina)
    last = client.get(page(salon))
    assert [one.post.seq for one in last.context["drawn"]] == [8, 9, 10]
    assert "Aller au premier message non lu (10)" in last.content.decode()
    older = client.get(page(salon, avant=8))
    assert [one.post.seq for one in older.context["drawn"]] == [5, 6, 7]
    assert "Messages suivants" in older.content.decode()
    newer = client.get(page(salon, apres=7))
    assert [one.post.seq for one in newer.context["drawn"]] == [8, 9, 10]
    assert 5 in [one.post.seq for one in client.get(page(salon, autour=5)).context["drawn"]]
    for odd in ("x", "-1", "9" * 30, "٣"):
        assert client.get(page(salon, avant=odd)).status_code == 200


def test_words_are_found_inside_a_salon(world, salon, sign_in):
    say(salon, world.bruno, "Une séance sur l’Évolution")
    hidden = say(salon, world.bruno, "Une évolution cachée")
    Post.objects.filter(pk=hidden.pk).update(hidden_at="2026-01-01T00:00Z")
    seen = sign_in(world.amina).get(page(salon, q="evolution")).content.decode()
    assert "Une séance" in seen
    assert "cachée" not in seen
    assert "Aucun message" in sign_in(world.amina).get(page(salon, q="licorne")).content.decode()


def test_what_changed_is_asked_for_by_plain_requests(world, salon, sign_in):
    say(salon, world.bruno, "Coucou")
    ask = reverse("networks:salon_changes", args=[salon.pk])
    told = sign_in(world.amina).get(ask, {"n": "0"}).json()
    assert (told["since"], told["seq"], told["more"]) == (0, 1, False)
    assert "Coucou" in told["posts"][0]["html"]
    assert sign_in(world.amina).get(ask, {"n": "1"}).json() == {"since": 1, "seq": 1, "posts": [], "more": False}
    assert sign_in(world.chloe).get(ask).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_as_many_queries_for_many(world, sign_in, django_assert_num_queries, count):
    for _ in range(count):
        say(salon_of(world.here.group), world.bruno)
    client = sign_in(world.amina)
    with django_assert_num_queries(8):
        client.get(LIST)


@pytest.mark.parametrize("count", [1, 3])
def test_a_salon_costs_as_many_queries_for_many_messages(world, salon, sign_in, django_assert_num_queries, count):
    for _ in range(count):
        post = say(salon, world.bruno)
        file_of(post)
        answer = say(salon, world.amina, parent=post)
        actions.react(post=answer, code="merci", by=world.bruno)
    client = sign_in(world.amina)
    with django_assert_num_queries(16):
        client.get(page(salon))


def test_the_other_district_is_nowhere(world, sign_in):
    salon_of(world.there.district, title=f"Ailleurs {MARK}")
    join(world.amina, world.here.other_group)
    assert MARK not in sign_in(world.amina).get(LIST).content.decode()
