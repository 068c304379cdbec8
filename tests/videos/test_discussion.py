"""Who reads what is said of a film, who may change it, who is told; and that a refusal writes nothing."""

import itertools

import pytest
from django.db import IntegrityError, transaction

from circo.access import Visitor
from circo.errors import Refusal
from circo.models import Notice, Person
from networks.models import Membership
from tests.videos.films import film_of
from tests.world import join
from videos import actions, queries
from videos.consents.rules import Audience
from videos.models import Discussion, Film, Moment, MomentCircle, MomentKind, Reply

pytestmark = pytest.mark.django_db


@pytest.fixture
def film(world) -> Film:
    return film_of(world.amina, world.here.group)


def say(film: Film, by: Person, text: str = "Un silence", **fields) -> Moment:
    fields = {"at_s": 3, "kind": MomentKind.FACT} | fields
    return actions.comment(film=film, text=text, by=by, **fields)


def reread(person: Person) -> Person:
    """The person as the next request finds it."""
    return Person.objects.get(pk=person.pk)


def told(person: Person) -> list[str]:
    return list(person.notices.order_by("pk").values_list("kind", flat=True))


# --- Who reads ----------------------------------------------------------------------------------------------------
def names(world, rows) -> set[str]:
    ids = set(rows.values_list("pk", flat=True))
    return {name for name, who in world.people.items() if who.pk in ids}


def test_a_circle_is_read_by_the_same_people_from_both_sides(world, film):
    """`visible_to` for each persona, and `readers` for the notices, say the same; none goes beyond the film."""
    world.here.group.adviser = world.adviser
    world.here.group.save()
    people = {name: reread(who) for name, who in world.people.items()}
    for audience, circle in itertools.product(Audience, MomentCircle):
        Film.objects.filter(pk=film.pk).update(audience=audience)
        film = Film.objects.select_related("group__network__district").get(pk=film.pk)
        moment = Moment.objects.create(film=film, author=world.bruno, at_s=3, text="Vu", circle=circle)
        see = {name for name, who in people.items() if Moment.objects.visible_to(who).exists()}
        watch = {name for name, who in people.items() if Film.objects.visible_to(who).watchable().exists()}
        assert see <= watch
        assert see == names(world, queries.readers(film, circle, world.bruno.pk)), (audience, circle)
        assert not Moment.objects.visible_to(Visitor()).exists()
        moment.delete()


def test_circles_widen_in_their_order(world, film):
    Film.objects.filter(pk=film.pk).update(audience=Audience.DISTRICT)
    film = Film.objects.select_related("group__network__district").get(pk=film.pk)
    sizes = [names(world, queries.readers(film, circle, world.bruno.pk)) for circle in MomentCircle]
    assert all(narrow <= wide for narrow, wide in itertools.pairwise(sizes))
    assert sizes[:3] == [{"bruno"}, {"amina", "bruno"}, {"amina", "bruno"}]
    assert "chloe" in sizes[3], "of another group of the network"
    assert "head_teacher" in sizes[4] - sizes[3], "of the district"


def test_who_left_the_group_reads_nothing_more_not_even_the_own(world, film):
    moment = say(film, world.bruno)
    actions.reply(moment=moment, text="Et là ?", by=world.bruno)
    Membership.objects.filter(person=world.bruno).update(standing="LEFT", left_on=world.year.first_day)
    assert not Moment.objects.visible_to(reread(world.bruno)).exists()
    assert not Reply.objects.editable_by(reread(world.bruno)).exists()
    assert Moment.objects.visible_to(world.amina).exists()


def test_a_reply_has_the_circle_of_its_moment(world, film):
    join(world.chloe, world.here.group)
    moment = say(film, world.bruno, circle=MomentCircle.PAIR)
    actions.reply(moment=moment, text="Oui", by=world.amina)
    assert Reply.objects.visible_to(world.bruno).exists()
    assert not Reply.objects.visible_to(world.chloe).exists()
    with pytest.raises(Refusal):
        actions.reply(moment=moment, text="Moi aussi", by=world.chloe)


# --- Writing ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "fields",
    [
        {"at_s": float("nan")},
        {"at_s": 99},
        {"ends_at_s": 2},
        {"ends_at_s": float("inf")},
        {"text": "\u202e"},
        {"text": "a" * 65536},
        {"circle": MomentCircle.DISTRICT},
        {"circle": MomentCircle.NETWORK},
    ],
)
def test_a_refused_comment_writes_nothing(world, film, fields):
    with pytest.raises(Refusal):
        say(film, world.bruno, **fields)
    assert not Moment.objects.exists()
    assert not Notice.objects.exists()
    assert not Discussion.objects.exists()


def test_the_author_of_a_film_has_no_pair_with_oneself(world, film):
    assert MomentCircle.PAIR not in queries.circles_offered(film, world.amina)
    with pytest.raises(Refusal):
        say(film, world.amina, circle=MomentCircle.PAIR)


def test_each_change_has_the_next_number(world, film):
    moment = say(film, world.bruno)
    actions.reply(moment=moment, text="Oui", by=world.amina)
    actions.settle_moment(moment=moment, settled=True, by=world.amina)
    actions.remove_moment(moment=moment, by=world.bruno)
    actions.restore_moment(moment=moment, by=world.bruno)
    moment.refresh_from_db()
    assert moment.number == Discussion.objects.get(film=film).last_number == 5


def test_one_changes_ones_own_comment_alone_and_it_is_marked(world, film):
    moment = say(film, world.bruno, at_s=3.4)
    change = {"moment": moment, "at_s": 3, "kind": MomentKind.QUESTION, "text": "Pourquoi ?"}
    with pytest.raises(Refusal):
        actions.edit_moment(**change, by=world.amina)
    edited = actions.edit_moment(**change, by=world.bruno)
    assert edited.edited_at
    assert edited.at_s == 3.4, "the form shows whole seconds: what was not changed keeps its fraction"
    actions.remove_moment(moment=edited, by=world.bruno)
    with pytest.raises(Refusal):
        actions.edit_moment(**change, by=world.bruno)


def test_a_private_note_becomes_public_unmarked_and_then_is_told(world, film):
    note = say(film, world.bruno, "À dire demain", circle=MomentCircle.PRIVATE)
    assert told(world.amina) == []
    change = {"at_s": 3, "kind": MomentKind.FACT, "text": "À dire", "by": world.bruno}
    shared = actions.edit_moment(moment=note, **change, circle=MomentCircle.GROUP)
    assert shared.edited_at is None, "nobody had read it before"
    assert told(world.amina) == [queries.FILM_COMMENTED]


def test_no_circle_changes_once_somebody_answered(world, film):
    """The reply was written for those who read it then: neither more nor fewer, even while it is only removed."""
    moment = say(film, world.bruno, circle=MomentCircle.PAIR)
    answer = actions.reply(moment=moment, text="Entre nous", by=world.amina)
    actions.remove_reply(reply=answer, by=world.amina)
    change = {"moment": moment, "at_s": 3, "kind": MomentKind.FACT, "text": "Un silence", "by": world.bruno}
    for circle in (MomentCircle.GROUP, MomentCircle.PRIVATE):
        with pytest.raises(Refusal, match="déjà répondu"):
            actions.edit_moment(**change, circle=circle)
    assert actions.edit_moment(**change, circle=MomentCircle.PAIR).circle == MomentCircle.PAIR


def test_a_reply_to_a_circle_that_has_changed_meanwhile_is_held_back(world, film):
    moment = say(film, world.bruno, circle=MomentCircle.GROUP)
    with pytest.raises(Refusal, match="changé de cercle"):
        actions.reply(moment=moment, text="Entre nous", by=world.amina, circle=MomentCircle.PAIR)
    assert not Reply.objects.exists()


def test_a_film_that_narrows_keeps_the_circle_of_what_was_said(world, film):
    Film.objects.filter(pk=film.pk).update(audience=Audience.DISTRICT)
    moment = say(film, world.bruno, circle=MomentCircle.DISTRICT)
    Film.objects.filter(pk=film.pk).update(audience=Audience.GROUP)
    change = {"moment": moment, "at_s": 4, "kind": MomentKind.FACT, "text": "Vu", "by": world.bruno}
    assert actions.edit_moment(**change, circle=MomentCircle.DISTRICT).at_s == 4
    assert actions.edit_moment(**change, circle=MomentCircle.GROUP).circle == MomentCircle.GROUP


def test_settling_is_for_the_two_authors(world, film):
    join(world.chloe, world.here.group)
    moment = say(film, world.bruno)
    with pytest.raises(Refusal):
        actions.settle_moment(moment=moment, settled=True, by=reread(world.chloe))
    for by in (world.amina, world.bruno):
        assert actions.settle_moment(moment=moment, settled=True, by=by).settled_at
        assert actions.settle_moment(moment=moment, settled=False, by=by).settled_at is None


def test_replies_are_changed_removed_and_brought_back_by_their_author_alone(world, film):
    moment = say(film, world.bruno)
    answer = actions.reply(moment=moment, text="Oui", by=world.amina)
    for verb in (actions.remove_reply, actions.restore_reply):
        with pytest.raises(Refusal):
            verb(reply=answer, by=world.bruno)
    with pytest.raises(Refusal):
        actions.edit_reply(reply=answer, text="Non", by=world.bruno)
    assert actions.edit_reply(reply=answer, text="Oui", by=world.amina).edited_at is None
    assert actions.edit_reply(reply=answer, text="Oui !", by=world.amina).edited_at
    actions.remove_reply(reply=answer, by=world.amina)
    assert not Reply.objects.visible_to(world.bruno).exists()
    actions.restore_reply(reply=answer, by=world.amina)
    assert Reply.objects.visible_to(world.bruno).exists()


def test_database_refuses_a_passage_that_ends_before_it_begins(world, film):
    with pytest.raises(IntegrityError), transaction.atomic():
        film.moments.create(author=world.bruno, at_s=3, ends_at_s=3, text="a")


# --- Who is told --------------------------------------------------------------------------------------------------
def test_the_film_s_author_the_mentioned_and_the_talking_are_told_once_each(world, film):
    world.here.group.adviser = world.adviser
    world.here.group.save()
    join(world.chloe, world.here.group)
    moment = say(film, world.bruno, "Qu’en dis-tu, @Chloé ? @Denis non plus, @Bruno non plus.")
    assert told(world.amina) == [queries.FILM_COMMENTED]
    assert told(world.chloe) == [queries.FILM_MENTION]
    assert told(world.denis) == told(world.bruno) == []
    actions.reply(moment=moment, text="@Bruno Petit, j’hésite.", by=reread(world.chloe))
    assert told(world.bruno) == [queries.FILM_MENTION]
    assert told(world.amina) == [queries.FILM_COMMENTED, queries.FILM_REPLY]
    actions.reply(moment=moment, text="Merci.", by=world.amina)
    assert told(world.chloe) == [queries.FILM_MENTION, queries.FILM_REPLY]
    assert told(world.bruno) == [queries.FILM_MENTION, queries.FILM_REPLY]
    titles = Notice.objects.order_by("pk").values_list("title", flat=True)
    assert not any(film.title in title or "silence" in title for title in titles), "titles leave by e-mail"


def test_nobody_is_told_of_what_they_do_not_read(world, film):
    join(world.chloe, world.here.group)
    moment = say(film, world.bruno, "@Chloé, un avis ?", circle=MomentCircle.PAIR)
    actions.reply(moment=moment, text="@Chloé Petit", by=world.amina)
    assert told(world.chloe) == []
    assert not moment.mentioned.exists()
    assert told(world.bruno) == [queries.FILM_REPLY]
