"""The admin of networks, one room a subject."""

from networks.admin import experiments, groups, meetings, memberships, mentoring, places, visits
