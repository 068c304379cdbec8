"""Verbs of hours: what an app credits or withdraws, the moves of an entry, one's private log."""

from circo.hours.actions.crediting import credit, declare, take_back_declared, withdraw
from circo.hours.actions.log import amend, bring_back, note, remove
from circo.hours.actions.moving import Moved, move
from circo.hours.actions.replays import apply, recount
from circo.hours.actions.statements import draw_up, draw_up_all
from circo.hours.recounting import DECLARED
