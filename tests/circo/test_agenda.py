"""The agenda: what somebody reads of a month, by the table and by the list; what « Mon année » says of it."""

from datetime import date
from html import unescape

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from circo.calendar.agenda import queries, rules
from circo.calendar.agenda.rules import Note
from circo.calendar.rules import Change, ChangeKind, HalfDay, Place, WeekPattern
from circo.models import CalendarChange
from tests.circo.events import at, event

TODAY = date(2026, 11, 23)
EURE = Place("27", "B", WeekPattern.FOUR_DAYS)
pytestmark = pytest.mark.usefixtures("november")


def month(person, first=date(2026, 11, 1)) -> queries.MonthPage:
    return queries.month_page(person, first, TODAY)


def day(page: queries.MonthPage, number: int) -> queries.Day:
    return next(each for week in page.weeks for each in week if each.is_in_month and each.day.day == number)


def text(response) -> str:
    return unescape(response.content.decode())


# --- What one reads ------------------------------------------------------------------------------------------------
def test_the_month_shows_what_is_on_it(world, events, sign_in):
    events += [event(), event(uid="other", title="Visite à Lire", starts_at=at(3, 8, 30, month=12), ends_at=at(3, 11))]
    html = text(sign_in(world.amina).get(reverse("calendar:agenda")))
    assert "Novembre 2026" in html
    assert "Rencontre du groupe Lire en GS" in html
    assert '<a href="/groupes/1/">' in html
    assert "17\u00a0h\u00a0– 18\u00a0h\u00a030" in html
    assert "Vacances de la Toussaint" in html
    assert "Férié\u00a0: Armistice" in html
    assert "Rien n’est prévu" not in html
    assert events.asked == [(world.amina, date(2026, 10, 26))]


def test_another_month_by_its_link_and_as_a_fragment(world, events, sign_in):
    client = sign_in(world.amina)
    html = text(client.get(reverse("calendar:agenda"), {"mois": "2026-12"}))
    assert "Décembre 2026" in html
    assert "Rien n’est prévu ce mois-ci." in html
    assert "?mois=2026-11" in html
    assert "?mois=2027-01" in html
    part = text(client.get(reverse("calendar:agenda"), {"mois": "2026-12"}, headers={"HX-Request": "true"}))
    assert "<html" not in part
    assert "Décembre 2026" in part


@pytest.mark.parametrize("asked", ["", "demain", "2026-13", "2026-00", "0001-01", "9999-12", "2026-11-26", "٢٠٢٦-١١"])
def test_a_month_that_is_none_is_the_one_of_today(world, sign_in, asked):
    response = sign_in(world.amina).get(reverse("calendar:agenda"), {"mois": asked})
    assert response.status_code == 200
    assert "Novembre 2026" in text(response)


@pytest.mark.parametrize("count", [1, 3])
def test_a_month_costs_as_many_queries_however_much_is_on_it(
    world,
    events,
    count,
    django_assert_num_queries,
):
    events += [event(uid=str(number)) for number in range(count)]
    for number in range(count):
        CalendarChange.objects.create(
            district=world.here.district, starts_on=TODAY, ends_on=TODAY, reason=f"Neige {number}"
        )
    with django_assert_num_queries(2):  # where one works, what is changed there
        month(world.amina)


def test_somebody_who_works_nowhere_reads_a_month_without_holidays(world, events):
    page = month(world.superuser)
    assert not any(each.note for week in page.weeks for each in week)
    assert page.unknown == ""


@pytest.mark.parametrize("who", ["inspector", "departement", "student", "head_teacher"])
def test_each_role_reads_the_holidays_of_its_place(world, who):
    assert day(month(getattr(world, who)), 11).note == Note("off", "Férié\u00a0: Armistice")


def test_closures_of_ones_school_and_not_of_others(world):
    mine = world.here.schools[0]
    CalendarChange.objects.create(school=mine, starts_on=TODAY, ends_on=TODAY, ends_half="AM", reason="Neige")
    assert day(month(world.amina), 23).note == Note("closed", "Matin\u00a0: neige")
    assert day(month(world.head_teacher), 23).note is None


# --- The days ------------------------------------------------------------------------------------------------------
def test_something_over_three_days_is_on_each(world, events):
    events.append(event(starts_at=at(24, 14), ends_at=at(26, 12)))
    said = [day(month(world.amina), number).entries for number in (23, 24, 25, 26, 27)]
    assert [each[0].when if each else "" for each in said] == [
        "",
        "à partir de 14\u00a0h",
        "toute la journée",
        "jusqu’à 12\u00a0h",
        "",
    ]


def test_a_whole_day_and_what_ends_at_midnight(world, events):
    events += [
        event(all_day=True, starts_at=at(26), ends_at=at(26)),
        event(uid="2", starts_at=at(27, 18), ends_at=at(28)),
    ]
    page = month(world.amina)
    assert [entry.when for entry in day(page, 26).entries] == ["toute la journée"]
    assert [entry.when for entry in day(page, 27).entries] == ["à partir de 18\u00a0h"]
    assert day(page, 28).entries == []


def test_what_is_called_off_is_said_so(world, events, sign_in):
    events.append(event(cancelled=True))
    html = text(sign_in(world.amina).get(reverse("calendar:agenda")))
    assert "<strong>Annulé</strong>" in html
    assert "event--off" in html


def test_the_list_of_narrow_screens_holds_the_days_that_have_something(world, events):
    events.append(event())
    november = month(world.amina)
    assert [each.day.day for each in november.gone] == [1, 11]
    assert [each.day.day for each in november.listed] == [26]
    holidays = month(world.amina, date(2026, 12, 1)).listed
    assert [(each.day.day, each.note.text) for each in holidays] == [
        (19, "Vacances de Noël, jusqu’au 3 janvier 2027"),
        (25, "Férié\u00a0: Noël"),
    ]
    january = month(world.amina, date(2027, 1, 1)).listed
    assert [(each.day.day, each.note.text) for each in january] == [
        (1, "Férié\u00a0: Jour de l’an"),
        (2, "Vacances de Noël, jusqu’au 3 janvier 2027"),
    ]


def test_a_year_that_no_decree_has_published_is_said_unknown(world, events):
    page = queries.month_page(world.amina, date(2028, 11, 1), date(2028, 10, 1))
    assert page.unknown == "Calendrier scolaire 2028-2029 inconnu\u00a0: la plateforme va de 2017 à 2028"
    assert day(page, 11).note == Note("off", "Férié\u00a0: Armistice")
    assert day(page, 12).note is None


# --- « Mon année » -------------------------------------------------------------------------------------------------
def test_the_year_shows_the_next_dates(world, events, sign_in):
    events += [event(uid=str(number), starts_at=at(number, 17), ends_at=at(number, 18)) for number in range(20, 30)]
    events.append(event(uid="now", title="En ce moment", starts_at=at(23, 8), ends_at=at(23, 10)))
    html = text(sign_in(world.amina).get(reverse("portal:year")))
    assert html.count('class="event"') == queries.NEXT
    assert html.index("En ce moment") < html.index("Rencontre du groupe")
    assert "Lundi 23 novembre" in html
    assert "Vendredi 20 novembre" not in html


def test_the_year_without_dates_says_what_will_come(world, events, sign_in):
    assert "Aucune date pour l’instant." in text(sign_in(world.amina).get(reverse("portal:year")))


# --- Rules ---------------------------------------------------------------------------------------------------------
days = st.dates(date(2018, 1, 1), date(2035, 12, 31))


@given(days, st.integers(-24, 24))
def test_months_are_read_as_they_are_written(today, count):
    month = rules.months_from(today, count)
    assert rules.months_between(today, month) == count
    assert rules.month_asked(rules.month_code(month), today) == month


@given(days, st.integers(25, 30_000), st.sampled_from([1, -1]))
def test_no_month_is_opened_beyond_two_years(today, count, sign):
    assert rules.months_from(today, sign * count) is None
    assert rules.month_code(None) == ""


@given(days)
def test_a_month_holds_each_of_its_days_once_from_monday_to_sunday(month):
    shown = [day for week in rules.weeks_of(month) for day in week]
    assert all(week[0].weekday() == 0 and len(week) == 7 for week in rules.weeks_of(month))
    assert shown == sorted(set(shown))
    assert month in shown


@pytest.mark.parametrize(
    ("kind", "first", "last", "day", "note"),
    [
        ("CLOSED", "2026-11-26_AM", "2026-11-26_PM", date(2026, 11, 26), Note("closed", "Neige")),
        ("CLOSED", "2026-11-26_PM", "2026-11-27_PM", date(2026, 11, 26), Note("closed", "Après-midi\u00a0: neige")),
        (
            "OPEN",
            "2026-11-25_AM",
            "2026-11-25_AM",
            date(2026, 11, 25),
            Note("open", "Matin\u00a0: classe (neige)"),
        ),
        ("OPEN", "2026-11-26_AM", "2026-11-26_PM", date(2026, 11, 26), None),
        ("USUAL", "2027-05-07_AM", "2027-05-07_PM", date(2027, 5, 7), Note("open", "Classe (neige)")),
        ("USUAL", "2026-12-19_AM", "2027-01-03_PM", date(2026, 12, 25), Note("off", "Férié\u00a0: Noël")),
    ],
)
def test_what_is_said_of_a_day(kind, first, last, day, note):
    change = Change(ChangeKind(kind), HalfDay.from_code(first), HalfDay.from_code(last), "Neige")
    assert rules.day_note(Place("27", "B", WeekPattern.FOUR_DAYS, None, (change,)), day) == note


@given(days)
def test_an_ordinary_day_of_school_and_an_ordinary_week_end_say_nothing(day):
    note = rules.day_note(EURE, day)
    assert note is None or note.kind == "off"
    if note:
        assert note.text.startswith(("Vacances", "Férié", "Pont", "Pré-rentrée"))
