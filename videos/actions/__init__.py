"""What people do with films: send, describe, comment, answer, remove."""

from videos.actions.consents import agree, decline, decline_by_link, mark_absent, unmark_absent
from videos.actions.deposits import deposit, drop_upload, keep_file, receive, receive_index, start_upload
from videos.actions.films import allow_download, delete_film, retry_film
from videos.actions.moments import comment, edit_moment, remove_moment, restore_moment, settle_moment
from videos.actions.projects import (
    add_adults,
    add_pupils,
    change_project,
    create_project,
    declare_whole,
    delete_project,
    inform,
    remove_recorded,
)
from videos.actions.protecting import share
from videos.actions.replies import drop_draft, edit_reply, remove_reply, reply, restore_reply, save_draft

__all__ = [
    "add_adults",
    "add_pupils",
    "agree",
    "allow_download",
    "change_project",
    "comment",
    "create_project",
    "declare_whole",
    "decline",
    "decline_by_link",
    "delete_film",
    "delete_project",
    "deposit",
    "drop_draft",
    "drop_upload",
    "edit_moment",
    "edit_reply",
    "inform",
    "keep_file",
    "mark_absent",
    "receive",
    "receive_index",
    "remove_moment",
    "remove_recorded",
    "remove_reply",
    "reply",
    "restore_moment",
    "restore_reply",
    "retry_film",
    "save_draft",
    "settle_moment",
    "share",
    "start_upload",
    "unmark_absent",
]
