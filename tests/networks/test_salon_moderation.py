"""Moderation: a message is reported, somebody else decides, all concerned are told, and the decision stays written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Notice
from networks.models import Post, PostFile, PostReport, Salon
from networks.salons import actions, erasing, telling
from networks.salons.rules import Decision
from tests.networks.salon_things import file_of, salon_of, say

LIST = reverse("networks:report_list")


@pytest.fixture
def salon(world) -> Salon:
    world.here.group.adviser = world.adviser
    world.here.group.save()
    return salon_of(world.here.group)


def url(name: str, post: Post) -> str:
    return reverse(f"networks:{name}", args=[post.salon_id, post.seq])


def told(person) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("title", flat=True))


def test_a_reported_message_is_hidden_with_a_reason_and_all_are_told(world, salon, sign_in):
    post = say(salon, world.amina, "Un mot de trop")
    client = sign_in(world.bruno)
    assert "Signaler ce message" in client.get(url("post_page", post)).content.decode()
    client.post(url("post_report", post), {"word": "Cela vise un collègue"})
    client.post(url("post_report", post), {"word": "Encore"})
    assert PostReport.objects.count() == 1
    assert told(world.adviser) == ["Un message d’un salon est signalé, et attend votre décision"]

    adviser = sign_in(world.adviser)
    page = adviser.get(LIST).content.decode()
    assert "Un mot de trop" in page
    assert "Cela vise un collègue" in page
    decide = reverse("networks:report_decide", args=[PostReport.objects.get().pk])
    refused = adviser.post(decide, {"decision": "HIDDEN", "reason": ""})
    assert refused.status_code == 422
    assert "pourquoi ce message est masqué" in refused.content.decode()
    assert adviser.post(decide, {"decision": "HIDDEN", "reason": "On parle des idées."}).status_code == 302
    assert adviser.post(decide, {"decision": "DISMISSED"}).status_code == 404

    report = PostReport.objects.get()
    assert (report.decision, report.decided_by, report.reason) == ("HIDDEN", world.adviser, "On parle des idées.")
    assert report.decided_at
    assert told(world.amina) == ["L’un de vos messages est masqué dans un salon"]
    assert told(world.bruno) == ["Le message que vous avez signalé est masqué"]
    here = reverse("networks:salon_page", args=[salon.pk])
    for reader in (world.bruno, world.amina, world.adviser):
        seen = sign_in(reader).get(here).content.decode()
        assert "Ce message a été masqué." in seen
        assert "Un mot de trop" not in seen
    own = sign_in(world.amina).get(url("post_page", post)).content.decode()
    assert "Un mot de trop" in own
    assert "On parle des idées." in own
    assert "Un mot de trop" not in sign_in(world.bruno).get(url("post_page", post)).content.decode()
    assert "Message masqué" in sign_in(world.adviser).get(LIST).content.decode()


def test_a_dismissed_report_leaves_the_message(world, salon, sign_in):
    post = say(salon, world.amina)
    report = actions.report_post(post=post, word="", by=world.bruno)
    actions.decide(report=report, decision=Decision.DISMISSED, reason="", by=world.adviser)
    assert told(world.bruno) == ["Le message que vous avez signalé reste visible"]
    assert "Bonjour" in sign_in(world.bruno).get(reverse("networks:salon_page", args=[salon.pk])).content.decode()


def test_nobody_decides_on_one_s_own_message(world, salon, sign_in):
    post = say(salon, world.adviser, "De l’animatrice")
    report = actions.report_post(post=post, word="", by=world.bruno)
    with pytest.raises(Refusal):
        actions.decide(report=report, decision=Decision.DISMISSED, reason="", by=world.adviser)
    with pytest.raises(Refusal):
        actions.hide_post(post=post, reason="x", by=world.adviser)
    assert "De l’animatrice" not in sign_in(world.adviser).get(LIST).content.decode()
    with pytest.raises(Refusal):
        actions.report_post(post=post, word="", by=world.adviser)
    with pytest.raises(Refusal):
        actions.decide(report=report, decision=Decision.DISMISSED, reason="", by=world.inspector)


def test_a_group_without_an_adviser_has_those_of_the_district_for_that_message_alone(world, sign_in):
    salon = salon_of(world.here.group)
    say(salon, world.amina, "Entre nous")
    post = say(salon, world.amina, "À regarder")
    report = actions.report_post(post=post, word="", by=world.bruno)
    page = sign_in(world.adviser).get(LIST).content.decode()
    assert "À regarder" in page
    assert "Entre nous" not in page
    assert sign_in(world.adviser).get(reverse("networks:salon_page", args=[salon.pk])).status_code == 404
    assert "À regarder" not in sign_in(world.inspector).get(LIST).content.decode()
    actions.decide(report=report, decision=Decision.HIDDEN, reason="Hors sujet", by=world.adviser)
    post.refresh_from_db()
    assert post.hidden_by == world.adviser


def test_the_team_moderates_the_rooms_of_its_district_and_may_change_its_mind(world, sign_in):
    post = say(salon_of(world.here.district), world.chloe, "Un mot de trop")
    assert sign_in(world.amina).post(url("post_hide", post), {"word": "x"}).status_code == 404
    client = sign_in(world.inspector)
    client.post(url("post_hide", post), {"word": "On parle des idées."})
    post.refresh_from_db()
    assert post.hidden_reason == "On parle des idées."
    client.post(url("post_show", post))
    post.refresh_from_db()
    assert post.is_shown
    assert [one.decision for one in PostReport.objects.order_by("pk")] == ["HIDDEN", "DISMISSED"]


def test_a_hidden_message_is_not_changed_reacted_to_or_quoted_by_a_copy(world, salon):
    post = say(salon, world.amina)
    actions.hide_post(post=post, reason="Non", by=world.adviser)
    for verb in (
        lambda: actions.edit_post(post=post, text="Autre", by=world.amina),
        lambda: actions.react(post=post, code="merci", by=world.bruno),
        lambda: actions.report_post(post=post, word="", by=world.bruno),
        lambda: say(salon, world.bruno, parent=post),
    ):
        with pytest.raises(Refusal):
            verb()


# --- The digest, time, and who leaves ---
def test_a_digest_counts_what_was_not_read_and_says_no_word_of_it(world, salon):
    say(salon, world.amina, "Un secret")
    say(salon, world.amina, "Un autre")
    now = timezone.now() + timedelta(seconds=1)
    salon.refresh_from_db()
    actions.mark_read(salon=salon, seq=2, by=world.adviser)
    assert telling.tell_news(now=now) == 1
    assert telling.tell_news(now=now) == 1  # told again, which is once
    notice = Notice.objects.get(kind="salon-news")
    assert (notice.person, notice.title) == (
        world.bruno,
        f"2 nouveaux messages dans un salon du groupe « {world.here.group} »",
    )
    assert "secret" not in notice.title + notice.text
    assert telling.tell_news(now=now + timedelta(days=2)) == 0


def test_what_was_removed_is_emptied_after_some_days(world, salon, django_capture_on_commit_callbacks):
    post = say(salon, world.amina, "À oublier")
    kept = say(salon, world.amina, "À garder")
    file = file_of(post)
    actions.remove_post(post=post, by=world.amina)
    assert erasing.purge(now=timezone.now()) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert erasing.purge(now=timezone.now() + timedelta(days=3)) == 1
    assert erasing.purge(now=timezone.now() + timedelta(days=3)) == 0
    post.refresh_from_db()
    assert post.text == ""
    assert not PostFile.objects.filter(pk=file.pk).exists()
    kept.refresh_from_db()
    assert kept.text == "À garder"


def test_of_an_erased_person_the_place_stays_and_no_word(world, salon, sign_in):
    post = say(salon, world.amina, "Mes mots")
    answer = say(salon, world.bruno, "Bien dit @Amina Petit", parent=post)
    before = post.changed_seq
    erasing.erase(world.amina)
    world.amina.delete()
    post.refresh_from_db()
    answer.refresh_from_db()
    assert (post.author, post.text, answer.text) == (None, "", "Bien dit @une personne partie")
    assert post.changed_seq > before
    seen = sign_in(world.bruno).get(reverse("networks:salon_page", args=[salon.pk])).content.decode()
    assert "En réponse à Une personne partie" in seen
    assert "Mes mots" not in seen
