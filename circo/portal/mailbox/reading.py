"""Read the files that Django's file mailer writes: one per connection, mails one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import lru_cache
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
    files = sorted(((file.stat().st_mtime_ns, file) for file in folder.glob("*.log")), reverse=True)[:NEWEST]
    mails = [mail for changed_ns, file in files for mail in _mails_of(file, changed_ns)]
    return sorted(mails, key=lambda mail: mail.sent_at, reverse=True)


@lru_cache(maxsize=2 * NEWEST)  # two hundred files take seconds to read, and seldom change
def _mails_of(file: Path, changed_ns: int) -> tuple[Mail, ...]:
    """The mails of a file, as it was when it changed last."""
    found = (_read(part) for part in file.read_bytes().split(BETWEEN))
    return tuple(mail for mail in found if mail)


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
