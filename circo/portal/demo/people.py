"""Invented people, each with an address of their own."""

from __future__ import annotations

import unicodedata
from datetime import date
from random import Random

from circo.portal.demo.accounts import DOMAIN, Account
from circo.portal.demo.names import FIRST_NAMES, LAST_NAMES
from circo.portal.demo.rows import PersonRow


class Registry:
    """All the people of the demonstration, in the order of their coming."""

    def __init__(self) -> None:
        self.people: dict[str, PersonRow] = {}

    def account(self, account: Account, since: date) -> str:
        """Enter one of the known accounts, and return its e-mail."""
        self.people[account.email] = PersonRow(
            account.email, account.first_name, account.last_name, since, is_superuser=account.role is None
        )
        return account.email

    def newcomer(self, since: date, random: Random) -> str:
        """Invent somebody, and return the e-mail."""
        first_name, last_name = random.choice(FIRST_NAMES), random.choice(LAST_NAMES)
        stem = f"{_ascii(first_name)}.{_ascii(last_name)}"
        email, rank = f"{stem}@{DOMAIN}", 1
        while email in self.people:
            rank += 1
            email = f"{stem}{rank}@{DOMAIN}"
        self.people[email] = PersonRow(email, first_name, last_name, since)
        return email


def _ascii(name: str) -> str:
    flat = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return flat.lower().replace("’", "").replace("'", "")
