"""Rules of the hours: the life of an entry, what an event counts for, the account of the 18 hours, the private log."""

from circo.hours.rules.accounts import Account, account_of, parts, sentence, what_is_left
from circo.hours.rules.counting import (
    CATEGORY_LABELS,
    COUNTING_LABELS,
    DISTANCE,
    ENTRY_MINUTES_MAX,
    MODE_LABELS,
    QUARTER_MINUTES,
    Category,
    Counting,
    Mode,
    credited_minutes,
    is_quarter,
)
from circo.hours.rules.durations import hours_words, in_words, minutes_typed
from circo.hours.rules.entries import COUNTED_STATES, MOVES, SIGNATURES, SIGNED, STATE_LABELS, Move, Right, State
from circo.hours.rules.log import (
    LOG_FULL_MINUTES,
    LOG_KEPT_AFTER_REMOVAL_DAYS,
    LOG_LABELS,
    LOG_MINUTES_MAX,
    LogCategory,
)
from circo.hours.rules.owing import FULL_QUOTA_MINUTES, ROLES_WITH_HOURS, Share, due_of, mean_share, quota_of, share_on
from circo.hours.rules.portions import Portion, percent_of, portions
from circo.hours.rules.replays import FATE_LABELS, Fate, fate_of
from circo.hours.rules.self_paced import shared_out, within_cap
