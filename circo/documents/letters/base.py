"""What every document has: a title, who sends it, and the way to become a PDF."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import ClassVar

from circo.documents import engine, rules


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Who writes and signs, where it is not who the settings say; an empty field leaves what the settings say."""

    authority: str = ""
    subline: str = ""
    address: str = ""  # several lines
    contact: str = ""
    city: str = ""
    signatory: str = ""
    quality: str = ""  # of the signatory


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One document. `template` names its file of `templates/documents`."""

    template: ClassVar[str]

    sender: Sender | None = None
    written_on: date | None = None

    @property
    def title(self) -> str:
        """The title of the PDF: what it is, and never what it says of somebody."""
        raise NotImplementedError

    def data(self) -> dict[str, object]:
        """What the template reads: JSON, ready to be printed, and to be kept until a worker takes it."""
        shown = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "sender"}
        given = {field.name: getattr(self.sender, field.name) for field in fields(Sender)} if self.sender else {}
        own = {name: value for name, value in given.items() if value}
        return rules.ready({"title": self.title, **shown, "sender": own or None})

    def pdf(self) -> bytes:
        """Typeset it: a tagged PDF/UA.

        Raises: Refusal if there is too much to print.
        """
        return engine.render(self.template, self.data())
