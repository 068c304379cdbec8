"""What every document has: a title, who sends it, and the way to become a PDF."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import ClassVar

from circo.documents import engine, rules, verification


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
    code: str = ""  # of the issued document: see `circo.documents.actions.issue`

    @property
    def title(self) -> str:
        """The title of the PDF: what it is, and never what it says of somebody."""
        raise NotImplementedError

    @property
    def label(self) -> str:
        """What tells this letter from the others of its batch: the name of whom it is for."""
        return ""

    def data(self) -> dict[str, object]:
        """What the template reads: JSON, ready to be printed, and to be kept until a worker takes it."""
        shown = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "sender"}
        given = {field.name: getattr(self.sender, field.name) for field in fields(Sender)} if self.sender else {}
        own = {name: value for name, value in given.items() if value}
        checked = verification.printed(self.code) if self.code else {}
        return rules.ready({"title": self.title, **shown, "sender": own or None, **checked})

    def pdf(self) -> bytes:
        """Typeset it: a tagged PDF/UA.

        Raises: Refusal if there is too much to print.
        """
        return engine.render(self.template, self.data())


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """To whom a letter goes, as it stands in the window of the envelope."""

    name: str
    civility: str = ""  # « Madame »; empty: the letter says « Madame, Monsieur »
    quality: str = ""  # grade or function: « professeure des écoles »
    school: str = ""
    uai: str = ""
    address: str = ""  # several lines
