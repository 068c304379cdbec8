"""The admin of networks, one room a subject."""

from networks.admin import groups, mentoring, places, visits
