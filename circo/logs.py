"""What a log line may say: never a link that opens something by itself."""

from __future__ import annotations

import copy
import logging
import re

security = logging.getLogger("security")  # what somebody tried that no page of ours asks for: who, what, never a secret

# Django writes the path of a request that it refuses. A token is a long word there; an id of ours opens nothing.
UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
SECRET = re.compile(rf"(?<=/)(?!{UUID}(?:[/\s]|$))[\w:.~-]{{24,}}(?=[/\s]|$)", re.ASCII)


class NoSecretLink(logging.Filter):
    """Mask the tokens of invitations, of forgotten passwords, of addresses to confirm and of e-mails to stop."""

    def filter(self, record: logging.LogRecord) -> logging.LogRecord:
        masked = copy.copy(record)
        masked.msg, masked.args = SECRET.sub("…", record.getMessage()), None
        return masked
