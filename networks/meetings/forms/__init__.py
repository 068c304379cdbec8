"""What one types to plan a meeting, to find its date, to say who came, to write its papers."""

from networks.meetings.forms.papers import DocumentForm, MinutesForm
from networks.meetings.forms.planning import MeetingForm
from networks.meetings.forms.polls import AnswerForm, ChooseForm, PollForm, RangeForm, usual_range
from networks.meetings.forms.presences import PresenceForm
