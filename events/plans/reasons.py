"""Why a class has nobody, and the least that would change it, in the names that people use."""

from __future__ import annotations

from events.cover.changing import Change, Changes, Farther, LiftedLock
from events.cover.exchanges import Exchanges
from events.cover.explaining import Explainer, in_words
from events.cover.problem import Plan
from events.plans import rules
from events.plans.problems import Situation

CHANGES_MOST = 3


def reasons_of(situation: Situation, found: Plan) -> dict[str, list[str]]:
    """Say, for each class that a plan leaves without anybody, why, then what would be enough."""
    exchanges = Exchanges(situation.problem, found)
    explainer, changes = Explainer(exchanges), Changes(exchanges, situation.distances)
    told = {}
    for number in explainer.uncovered().tolist():
        key = situation.problem.needs[number].key
        enough = [change_in_words(situation, change) for change in changes.of(number)[:CHANGES_MOST]]
        told[key] = [in_words(explainer.reason(number)), *enough]
    return told


def change_in_words(situation: Situation, change: Change) -> str:
    """Say what would be enough."""
    if isinstance(change, LiftedLock):
        need_key, key = change.link
        return f"Il suffirait de déverrouiller {situation.members[key].person}, {situation.needs[need_key]}."
    if isinstance(change, Farther):
        who, need = situation.members[change.substitute].person, situation.needs[change.need]
        about = "environ " if change.is_estimate else ""
        return f"Il suffirait que {who} aille à {about}{rules.km(change.metres)}, pour {need}."
    return "Il suffirait d’une personne de plus, rattachée à l’école et libre ce jour-là."
