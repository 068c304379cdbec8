"""What people do with films: protect, send, describe, comment, remove."""

from videos.actions.consents import agree, decline, decline_by_link, mark_absent, unmark_absent
from videos.actions.deposits import deposit, drop_upload, keep_file, receive, receive_index, start_upload
from videos.actions.films import allow_download, delete_film, retry_film
from videos.actions.moments import comment, remove_moment, restore_moment
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
    "drop_upload",
    "inform",
    "keep_file",
    "mark_absent",
    "receive",
    "receive_index",
    "remove_moment",
    "remove_recorded",
    "restore_moment",
    "retry_film",
    "share",
    "start_upload",
    "unmark_absent",
]
