"""The verbs of mentoring."""

from networks.mentoring.actions.meetings import call_off, hold, meet, put_back, write_meeting
from networks.mentoring.actions.pairs import (
    accept,
    ask_erasure,
    decline,
    end,
    erase_mine,
    introduce,
    propose,
    restore_mine,
    take_back_end,
    withdraw_erasure,
)
from networks.mentoring.actions.thread import (
    add_goal,
    edit_message,
    mark_read,
    reach_goal,
    remove,
    restore,
    send,
    write_goal,
)
