"""What a learner says to know already, and the route that this gives, until the learner decides otherwise."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from circo.errors import Refusal
from circo.models import Person
from trainings.learning import rules
from trainings.learning.actions.settling import held, settle
from trainings.learning.rules import Route
from trainings.models import Enrolment, Module, ModuleRoute, StatementAnswer


@transaction.atomic
def assess(*, enrolment: Enrolment, levels: Mapping[int, int], by: Person) -> None:
    """Say how well one knows each statement; a route is proposed for each module, over the one before.

    `levels`: by statement, from `rules.LEVELS`; statements of other versions are ignored.
    """
    found = held(enrolment, by)
    known = {value for value, _ in rules.LEVELS}
    for module in found.version.modules.prefetch_related("statements", "steps"):
        said = {one.pk: levels[one.pk] for one in module.statements.all() if levels.get(one.pk) in known}
        for statement_id, level in said.items():
            StatementAnswer.objects.update_or_create(
                enrolment=found, statement_id=statement_id, defaults={"level": level}
            )
        route = rules.proposed(
            list(said.values()),
            is_optional=module.is_optional,
            can_be_proved=any(step.proves_module for step in module.steps.all()),
        )
        ModuleRoute.objects.update_or_create(enrolment=found, module=module, defaults={"route": route})
    settle(found, by)


@transaction.atomic
def choose(*, enrolment: Enrolment, module: Module, route: Route, by: Person) -> None:
    """Decide what to do of one module.

    Raises: Refusal for a module of another version, for one to skip that its author asks for, or for one said to be
        known that nothing can prove.
    """
    found = held(enrolment, by)
    if module.version_id != found.version_id:
        raise Refusal("Ce module n’est pas de la version que vous suivez.")
    if route is Route.OPTIONAL and not module.is_optional:
        raise Refusal("Ce module fait partie du parcours\u00a0: il ne peut pas être laissé de côté.")
    if route is Route.KNOWN and not module.steps.filter(proves_module=True).exists():
        raise Refusal("Rien, dans ce module, ne permet de montrer qu’on le connaît déjà.")
    ModuleRoute.objects.update_or_create(enrolment=found, module=module, defaults={"route": route.value})
    settle(found, by)
