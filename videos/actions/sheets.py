"""Write practice sheets, and attach documents to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from circo.errors import Refusal
from circo.models import Person
from circo.rules import levels_in_order
from videos.actions import owned
from videos.models import Excerpt, Film, PracticeSheet, SheetDocument
from videos.models.circles import Circle
from videos.rules import SHEETS_MAX
from videos.sheets import keeping, rules

NOT_YOURS = "Seule la personne qui a écrit cette fiche peut la changer."
PARTS = ("title", "context", "intention", "course", "keeps", "subject", "minutes")


@dataclass(frozen=True)
class SheetText:
    """All that one writes in a sheet, and what it shows."""

    title: str
    context: str = ""
    intention: str = ""
    course: str = ""
    keeps: str = ""
    levels: Iterable[str] = ()
    subject: str = "SEVERAL"
    minutes: int | None = None
    films: Iterable[Film] = ()
    excerpts: Iterable[Excerpt] = ()
    circle: Circle | None = None


@transaction.atomic
def write_sheet(*, sheet: PracticeSheet | None, text: SheetText, by: Person) -> PracticeSheet:
    """Write a new sheet, or change one's own. It is a draft as long as it is opened to no circle.

    Raises: Refusal if it is not one's own, without a title, for a circle that is not one's own, or for films that one
            does not see.
    """
    held = owned.locked(sheet, by, NOT_YOURS) if sheet else PracticeSheet(owner=by)
    if sheet is None:
        owned.check_count(by.sheets.all(), SHEETS_MAX, "Vous avez déjà beaucoup de fiches. Complétez l’une d’elles.")
    if not text.title.strip():
        raise Refusal("Donnez un titre à cette fiche.")
    owned.open_to(held, text.circle, by)
    films, excerpts = {film.pk for film in text.films}, {excerpt.pk for excerpt in text.excerpts}
    if Film.objects.visible_to(by).filter(pk__in=films).count() != len(films):
        raise Refusal("Choisissez des films que vous voyez.")
    if Excerpt.objects.visible_to(by).filter(pk__in=excerpts).count() != len(excerpts):
        raise Refusal("Choisissez des extraits que vous voyez.")
    for name in PARTS:
        value = getattr(text, name)
        setattr(held, name, value.strip() if isinstance(value, str) else value)
    held.levels = levels_in_order(set(text.levels))
    held.save()
    held.films.set([*text.films, *held.films.filter(removed_at__isnull=False)])  # these may come back
    held.excerpts.set(text.excerpts)
    return held


@transaction.atomic
def attach(*, sheet: PracticeSheet, file: UploadedFile, by: Person) -> SheetDocument:
    """Attach a document to one's own sheet.

    Raises: Refusal if it is not one's own, holds enough of them, or if the document is not one that may be attached.
    """
    held = owned.locked(sheet, by, NOT_YOURS)
    if held.documents.filter(removed_at=None).count() >= rules.DOCUMENTS_MAX:
        raise Refusal(f"Une fiche porte {rules.DOCUMENTS_MAX}\u00a0documents au plus.")
    return keeping.keep(held, file)


@transaction.atomic
def remove_document(*, document: SheetDocument, by: Person) -> None:
    """Take a document away from one's own sheet; `restore_document` puts it back.

    Raises: Refusal if the sheet is not one's own.
    """
    owned.locked(document.sheet, by, NOT_YOURS)
    owned.take_out(document)


@transaction.atomic
def restore_document(*, document: SheetDocument, by: Person) -> None:
    """Put a document back.

    Raises: Refusal if the sheet is not one's own.
    """
    owned.locked(document.sheet, by, NOT_YOURS)
    owned.put_back(document)


def remove_sheet(*, sheet: PracticeSheet, by: Person) -> None:
    """Remove one's own sheet; `restore_sheet` brings it back for some minutes.

    Raises: Refusal if it is not one's own.
    """
    owned.remove(sheet, by, NOT_YOURS)


def restore_sheet(*, sheet: PracticeSheet, by: Person) -> None:
    """Bring back one's own sheet that one has just removed.

    Raises: Refusal if it is not one's own, or if it was too long ago.
    """
    owned.restore(sheet, by, "Cette fiche ne peut plus être remise.")
