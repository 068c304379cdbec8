"""The modules of a draft."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction

from circo.errors import Refusal
from circo.models import Person
from trainings.models import Module, PathVersion, RemovedPart, Statement
from trainings.paths import rules
from trainings.paths.actions import drafts


@dataclass(frozen=True)
class ModuleText:
    """All that an author says of a module before its steps. `statements`: « Je sais… », one each."""

    title: str
    aim: str = ""
    minutes: int = 30
    is_optional: bool = False
    needs: Collection[Module] = ()
    statements: Sequence[str] = ()


@transaction.atomic
def write(*, version: PathVersion, module: Module | None, text: ModuleText, by: Person) -> Module:
    """Add a module at the end of a draft, or say one of it otherwise.

    Raises: Refusal if the draft is published or full, without a title, for too many statements, or if modules would
        wait for one another.
    """
    version = drafts.held(version, by)
    if module is None:
        if version.modules.count() >= rules.MODULES_MAX:
            raise Refusal(f"Un parcours tient en {rules.MODULES_MAX}\u00a0modules\u00a0: faites-en plusieurs parcours.")
        found = Module(version=version, rank=drafts.last_rank(version.modules.all()) + 1)
    else:
        found = _of(version, module)
    if not text.title.strip():
        raise Refusal("Donnez un titre à ce module.")
    if len(text.statements) > rules.STATEMENTS_MAX:
        raise Refusal(f"Au plus {rules.STATEMENTS_MAX}\u00a0énoncés par module\u00a0: gardez les plus parlants.")
    found.title, found.aim = text.title.strip(), text.aim.strip()
    found.minutes, found.is_optional = text.minutes, text.is_optional
    found.save()
    _set_needs(found, text.needs)
    _set_statements(found, text.statements)
    return found


def _of(version: PathVersion, module: Module) -> Module:
    found = version.modules.filter(pk=module.pk).first()
    if found is None:
        raise Refusal("Ce module n’est plus dans ce parcours.")
    return found


def _set_needs(module: Module, needs: Collection[Module]) -> None:
    wanted = {one.pk for one in needs}
    others = list(module.version.modules.exclude(pk=module.pk).filter(pk__in=wanted))
    if len(others) < len(wanted):
        raise Refusal("Choisissez des modules de ce parcours.")
    module.needs.set(others)
    if circle := rules.circle_in(drafts.needs_of(module.version)):
        titles = dict(module.version.modules.values_list("pk", "title"))
        words = " → ".join(f"«\u00a0{titles[pk]}\u00a0»" for pk in circle)
        raise Refusal(f"Ces modules s’attendraient l’un l’autre, et personne ne pourrait commencer\u00a0: {words}.")


def _set_statements(module: Module, texts: Sequence[str]) -> None:
    if list(module.statements.values_list("text", flat=True)) == list(texts):
        return
    module.statements.all().delete()
    Statement.objects.bulk_create(Statement(module=module, rank=rank, text=text) for rank, text in enumerate(texts, 1))


@transaction.atomic
def move(*, module: Module, place: int, by: Person) -> Module:
    """Put a module at a place of its draft, from 0.

    Raises: Refusal if the draft is published, or no longer holds it.
    """
    version = drafts.held(module.version, by)
    found = _of(version, module)
    drafts.put_in_order(rules.moved(list(version.modules.all()), found, place))
    return found


@transaction.atomic
def remove(*, module: Module, by: Person) -> RemovedPart:
    """Take a module out of its draft, with its steps; `drafts.bring_back` brings it back for some minutes.

    Raises: Refusal if the draft is published, or no longer holds it.
    """
    return drafts.take_out_module(_of(drafts.held(module.version, by), module))
