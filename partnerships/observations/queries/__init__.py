"""Reads of cross-observations."""

from partnerships.observations.queries.answers import (
    actors,
    is_agreed,
    is_late,
    observation_page,
    observations,
    partners,
    unanswered,
)
from partnerships.observations.queries.known import (
    freed_on,
    held_on,
    received_this_year,
    relays_among,
    seat_in,
    taken_in_words,
    teachers_of,
    wrong_while_freed,
)
from partnerships.observations.queries.own import busy, mine_page, todos, wish_of
from partnerships.observations.queries.proposals import SOLVE, days_to_fill, districts, job_of, plan_page, plans
