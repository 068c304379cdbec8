"""Reads of meetings: who is called, when they are free, what pages, agendas and reminders show."""

from networks.meetings.queries.agendas import event_of, events_of, near, todos
from networks.meetings.queries.calling import called_on, is_called, may_open_papers, not_excused, participants
from networks.meetings.queries.freedom import busy, calendar_of, candidates, groups_to_meet
from networks.meetings.queries.pages import (
    Line,
    Poll,
    attended_meetings,
    lines_of,
    meeting_list,
    meetings,
    of_group,
    poll_of,
)
