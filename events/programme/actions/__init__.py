"""What one does with a programme: write it, show it, say wishes, have seats given, change seat."""

from events.programme.actions.seats import ask_seat, ask_to_give, give_up, hide, show, stop, ungive, wish
from events.programme.actions.sessions import cancel_session, put_session, remove_session, restore_session
from events.programme.actions.writing import (
    WantedSlot,
    WantedWorkshop,
    put_slot,
    put_workshop,
    remove_slot,
    remove_workshop,
    restore_workshop,
)
