"""The verbs of salons."""

from networks.salons.actions.moderating import decide, hide_post, report_post, show_post
from networks.salons.actions.posts import edit_post, pin_post, react, remove_post, restore_post, write_post
from networks.salons.actions.reading import mark_read
from networks.salons.actions.salons import archive_salon, change_salon, open_salon, reopen_salon
