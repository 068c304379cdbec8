"""What people do with films: send, describe, comment, remove."""

from videos.actions.deposits import deposit, drop_upload, keep_file, receive, receive_index, start_upload
from videos.actions.films import allow_download, delete_film, retry_film
from videos.actions.moments import comment, remove_moment, restore_moment

__all__ = [
    "allow_download",
    "comment",
    "delete_film",
    "deposit",
    "drop_upload",
    "keep_file",
    "receive",
    "receive_index",
    "remove_moment",
    "restore_moment",
    "retry_film",
    "start_upload",
]
