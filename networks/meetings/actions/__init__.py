"""Verbs of meetings, by kind: plan, date together, attend, write."""

from networks.meetings.actions.attending import (
    Noted,
    close,
    confirm,
    declare,
    excuse,
    record,
    reopen,
    sign,
)
from networks.meetings.actions.papers import attach, remove_document, restore_document, write_minutes
from networks.meetings.actions.planning import Wanted, cancel, change, plan, restore
from networks.meetings.actions.polls import Sought, answer, choose, open_poll
