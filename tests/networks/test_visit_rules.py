"""Rules of visits: every move, every distance, every date."""

from __future__ import annotations

from datetime import date
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from circo.calendar.rules import HalfDay
from networks.visits import rules
from networks.visits.map import rules as drawing
from networks.visits.rules import Actor, SiteState, VisitState

ALLOWED = {
    ("offer", VisitState.WAITING, Actor.CLOCK),
    ("accept", VisitState.OFFERED, Actor.VISITOR),
    ("confirm", VisitState.ASKED, Actor.HOST),
    ("decline", VisitState.ASKED, Actor.HOST),
    ("hold", VisitState.CONFIRMED, Actor.CLOCK),
    ("report", VisitState.HELD, Actor.VISITOR),
    *(("lapse", state, Actor.CLOCK) for state in (VisitState.WAITING, VisitState.OFFERED, VisitState.ASKED)),
    *(
        ("cancel", state, actor)
        for state in (
            VisitState.WAITING,
            VisitState.OFFERED,
            VisitState.ASKED,
            VisitState.CONFIRMED,
            VisitState.HELD,
        )
        for actor in (Actor.VISITOR, Actor.CLOCK)
    ),
    ("cancel", VisitState.CONFIRMED, Actor.HOST),
    ("cancel", VisitState.HELD, Actor.HOST),
}


def test_the_table_of_moves_is_the_one_written_apart():
    every = product(rules.VISIT_MOVES, VisitState, Actor)
    assert {one for one in every if rules.may_move(*one)} == ALLOWED


def test_no_move_leaves_an_end():
    for ended in (VisitState.DECLINED, VisitState.CANCELLED, VisitState.LAPSED, VisitState.REPORTED):
        assert not [verb for verb, move in rules.VISIT_MOVES.items() if ended in move.sources]
    reached = {move.target for move in rules.VISIT_MOVES.values()} | {VisitState.ASKED, VisitState.WAITING}
    assert reached == set(VisitState)


def test_sites_are_suspended_by_the_team_alone():
    moves = rules.SITE_MOVES.items()
    assert {(verb, state, actor) for verb, move in moves for state, actor in product(move.sources, move.actors)} == {
        ("pause", SiteState.OPEN, Actor.HOST),
        ("open", SiteState.PAUSED, Actor.HOST),
        ("suspend", SiteState.OPEN, Actor.TEAM),
        ("suspend", SiteState.PAUSED, Actor.TEAM),
        ("resume", SiteState.SUSPENDED, Actor.TEAM),
    }


@given(st.sets(st.integers(1, 4)), st.integers(1, 4))
def test_a_free_seat_is_free_and_the_lowest(taken, seats):
    seat = rules.free_seat(taken, seats)
    if seat is None:
        assert set(range(1, seats + 1)) <= taken
    else:
        assert seat not in taken
        assert 1 <= seat <= seats
        assert all(lower in taken for lower in range(1, seat))


def test_a_distance_in_words():
    assert rules.distance_in_words(46.4) == "à 46\u00a0km à vol d’oiseau"
    assert rules.distance_in_words(0.4) == "à moins d’un kilomètre"
    assert rules.distance_in_words(0, is_home=True) == "dans votre école"
    assert rules.distance_in_words(None) == "distance inconnue"


HALF_DAYS = st.lists(st.tuples(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(["AM", "PM"])))


@given(HALF_DAYS)
def test_dates_are_read_as_they_are_written(half_days):
    codes = sorted({HalfDay(day, half).code for day, half in half_days})
    assert rules.parse_dates(rules.dates_as_text(codes)) == codes


@given(st.text(max_size=40))
def test_dates_typed_anyhow_are_read_or_refused_in_one_way(text):
    lines, refused = [line.strip() for line in text.splitlines()], None
    try:
        codes = rules.parse_dates(text)
    except ValueError as refusal:
        codes, refused = [], str(refusal)
    assert refused is None or refused in lines
    assert all(HalfDay.from_code(code) for code in codes)


PLACES = st.lists(
    st.builds(
        drawing.Place,
        st.text("abcdefgh", min_size=1, max_size=20),
        st.tuples(st.floats(0.3, 1.8), st.floats(48.6, 49.5)),
        st.integers(0, 9),
        st.booleans(),
    ),
    min_size=1,
    max_size=40,
)


@given(PLACES)
def test_the_map_holds_every_place_and_names_that_do_not_overlap(places):
    drawn = drawing.draw(places)
    assert drawn is not None
    assert len(drawn.dots) == len(places)
    boxes = []
    for dot in drawn.dots:
        assert 0 <= float(dot.x) <= drawn.width
        assert -1 <= float(dot.y) <= drawn.height + 1
        if dot.label:
            width, x, y = len(dot.label) * drawing.LETTER_WIDTH, float(dot.label_x), float(dot.label_y)
            left = {"start": x, "end": x - width, "middle": x - width / 2}[dot.anchor]
            boxes.append((left, y - drawing.TEXT_HEIGHT / 2, left + width, y))
    for n, one in enumerate(boxes):
        for other in boxes[n + 1 :]:
            assert (
                one[2] <= other[0] + 0.2
                or other[2] <= one[0] + 0.2
                or one[3] <= other[1] + 0.2
                or other[3] <= one[1] + 0.2
            )


def test_no_place_makes_no_map():
    assert drawing.draw([]) is None
