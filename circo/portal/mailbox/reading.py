"""Read the files that Django's file mailer writes: one per connection, mails one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import cast

BETWEEN = b"\n" + b"-" * 79 + b"\n"  # django.core.mail.backends.filebased
NEWEST = 200  # files that are read: a demonstration of some days


@dataclass(frozen=True)
class Mail:
    subject: str
    to: str
    sent_at: datetime
    text: str


def mails_in(folder: Path) -> list[Mail]:
    """The mails of the newest files of a folder, the newest first; none if it does not exist."""
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime_ns, reverse=True)[:NEWEST]
    mails = [_read(part) for file in files for part in file.read_bytes().split(BETWEEN)]
    return sorted((mail for mail in mails if mail), key=lambda mail: mail.sent_at, reverse=True)


def _read(source: bytes) -> Mail | None:
    """Read one mail; None for what is none (the end of a file, a piece cut by its own dashes)."""
    message = cast(EmailMessage, message_from_bytes(source, policy=policy.default))
    if message["Date"] is None:
        return None
    body = message.get_body(("plain",))
    return Mail(
        subject=str(message["Subject"]),
        to=str(message["To"]),
        sent_at=message["Date"].datetime,
        text=body.get_content().strip() if body else "",
    )
