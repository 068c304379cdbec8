"""The admin of events, one room a subject."""

from events.admin import brigade, days, festival, plans
