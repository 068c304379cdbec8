"""The three years of a member: stages, standings, origins, and the one table of the moves that are allowed.

`MOVES` is what everything else reads: the constraints of the database, the buttons, what a refusal says, the drawing in
`docs/membership-moves.md`, and the test of every forbidden move.
"""

from networks.groups.rules.acts import ACTS, HAND_LABELS, OVER_THE_YEAR, Hand, Verb
from networks.groups.rules.standings import (
    CLOSED,
    COUNTED,
    ENDED,
    INVITATION_DAYS,
    NOWHERE,
    ORIGIN_LABELS,
    REQUESTS_MOST,
    STAGE_LABELS,
    STANDING_LABELS,
    WAITING,
    WORD_MOST,
    Origin,
    Stage,
    Standing,
    State,
    in_words,
)
from networks.groups.rules.table import (
    MOVES,
    STATES,
    Move,
    find,
    moves_from,
    refusal,
    refusal_between,
    the_move,
    verb_between,
)
