"""Verbs of cross-observations."""

from partnerships.observations.actions.answering import accept, cancel, decline, move, reopen, restore
from partnerships.observations.actions.exchanging import agree_to_swap, ask_swap, refuse_swap, take_swap_back
from partnerships.observations.actions.proposing import (
    Published,
    ask_to_solve,
    give_up,
    prepare,
    publish,
    stop,
    wish,
)
