"""What one does with sharing days: choose a date, change it, announce, call off."""

from events.days.actions.choosing import Wanted, change, choose
from events.days.actions.holding import check_open, list_members, move, prepared, touch
from events.days.actions.life import cancel, publish, restore, unpublish
