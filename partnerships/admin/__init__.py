"""The admin of partnerships, one room a subject."""

from partnerships.admin import offers
