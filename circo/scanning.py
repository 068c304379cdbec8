"""The code on a screen by which people sign that they are there, and the ticket that it gives to whoever scans it.

The code says of what it is and which third of a minute, under a signature: nobody writes one, and a picture of it sent
to somebody who is not there serves for a minute at the most. The ticket is one person's own, and leaves time to press.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from circo.errors import Refusal
from circo.models import Person

TURNS_S = 20  # seconds that one code stays on the screen
KEPT_TURNS = 3  # turns for which a code serves, its own included
TICKET_S = 5 * 60
LENGTH = 24  # hexadecimal digits of the signature: 96 bits
EXPIRED = "Ce code n’est plus à l’écran. Scannez celui que l’on y voit maintenant."


@dataclass(frozen=True)
class Scanned:
    """What people sign for: `salt` is that of its kind, `key` its own, `forged` what is said of another one's code."""

    salt: str
    key: str
    forged: str

    def code_at(self, now: datetime) -> str:
        """The code that the screen shows at an instant."""
        turn = int(now.timestamp()) // TURNS_S
        return f"{turn:x}-{self._signature(turn)}"

    def _signature(self, turn: int) -> str:
        return salted_hmac(self.salt, f"{self.key}:{turn}", algorithm="sha256").hexdigest()[:LENGTH]

    def check_code(self, code: str, now: datetime) -> None:
        """Refuse a code that is of something else, or no longer on the screen.

        Raises: Refusal.
        """
        written, _, signature = code.partition("-")
        try:
            turn = int(written, 16) if len(written) <= 16 else -1
        except ValueError:
            turn = -1
        if not self.is_signed(turn, signature):
            raise Refusal(self.forged)
        if not 0 <= int(now.timestamp()) // TURNS_S - turn < KEPT_TURNS:
            raise Refusal(EXPIRED)

    def is_signed(self, turn: int, signature: str) -> bool:
        """Tell whether we signed this turn."""
        return turn >= 0 and constant_time_compare(signature.encode(), self._signature(turn).encode())

    def ticket_for(self, person: Person) -> str:
        """What lets one person sign, for some minutes, once the code was read."""
        return signing.dumps([self.key, person.pk], salt=self.salt)

    def check_ticket(self, ticket: str, person: Person) -> None:
        """Refuse a ticket of somebody else, of something else, or too old.

        Raises: Refusal.
        """
        try:
            held = signing.loads(ticket, salt=self.salt, max_age=TICKET_S)
        except signing.SignatureExpired as error:
            raise Refusal(EXPIRED) from error
        except signing.BadSignature as error:
            raise Refusal(self.forged) from error
        if held != [self.key, person.pk]:
            raise Refusal(self.forged)
