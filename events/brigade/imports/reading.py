"""What a cell of these tables may say, besides what the ground's imports read. Pure."""

from __future__ import annotations

import re

from circo.calendar.rules import Half
from circo.errors import Refusal
from circo.imports import rules
from events.brigade.rules import PHONE_MAX, Cause, Kind

FARTHEST_KM, LONGEST_MINUTES = 300, 600  # in one département
_NOTHING = {"aucun", "aucune", "aucuns", "tous", "rien", "neant"}
_KINDS = {
    Kind.ALL: "all, brigade départementale, départementale, département, brigade, bd, trb, tr",
    Kind.NEAR: "near, remplacements proches (zil), remplacements proches, proche, proximité, zil",
    Kind.TRAINING: "training, formation continue, formation, bfc, brigade de formation continue",
}
_CAUSES = {
    Cause.MISSION: "mission longue, mission, remplacement long, long, remplacement",
    Cause.PART_TIME: "temps partiel, part time",
    Cause.TRAINING: "formation, stage, training",
    Cause.LEAVE: "congé, congés, absence, arrêt, maladie, leave",
    Cause.OTHER: "autre, autres, other",
}
_YES = "oui, o, vrai, x, 1, true"
_NO = "non, n, faux, 0, false"
_TENURED = {True: f"{_YES}, titulaire, stagiaire, titulaire ou stagiaire", False: f"{_NO}, contractuel, contractuelle"}
_TRUTH = {True: _YES, False: _NO}
_HALVES: dict[Half, str] = {"AM": "matin, am", "PM": "après-midi, pm"}


def _among[T](words: dict[T, str], text: str, refusal: str) -> T:
    for value, known in words.items():
        if rules.key(text) in {rules.key(one) for one in known.split(",")}:
            return value
    raise Refusal(refusal)


def _unknown(text: str, what: str, expected: str) -> str:
    return f"{what}\u00a0: «\u00a0{text[:40]}\u00a0» n’est pas connu (attendu\u00a0: {expected})."


def levels(text: str, what: str) -> list[str]:
    """Read levels, or `aucun`, which says that there are none.

    Raises: Refusal that names the first unknown level.
    """
    return [] if rules.key(text) in _NOTHING else rules.levels(text, what)


def kind(text: str, what: str) -> Kind:
    """Read a sort of substitute by its name or its usual short form.

    Raises: Refusal for an unknown one.
    """
    return _among(_KINDS, text, _unknown(text, what, "départementale, ZIL ou formation continue"))


def cause(text: str, what: str) -> Cause:
    """Read why somebody is not free.

    Raises: Refusal for an unknown reason.
    """
    return _among(_CAUSES, text, _unknown(text, what, "mission longue, temps partiel, formation, congé ou autre"))


def half(text: str, what: str) -> Half:
    """Read a morning or an afternoon.

    Raises: Refusal for anything else.
    """
    refusal = f"{what}\u00a0: «\u00a0{text[:40]}\u00a0» n’est ni «\u00a0matin\u00a0» ni «\u00a0après-midi\u00a0»."
    return _among(_HALVES, text, refusal)


def truth(text: str, what: str) -> bool:
    """Read `oui` or `non`.

    Raises: Refusal for anything else.
    """
    return _among(_TRUTH, text, f"{what}\u00a0: «\u00a0{text[:40]}\u00a0» n’est ni oui ni non.")


def tenured(text: str, what: str) -> bool:
    """Read `oui`, `titulaire`, `contractuelle`…

    Raises: Refusal for anything else.
    """
    return _among(_TENURED, text, f"{what}\u00a0: «\u00a0{text[:40]}\u00a0» n’est ni titulaire ni contractuel.")


def phone(text: str, what: str) -> str:
    """Read a telephone number, as one types it; the apostrophe that our own tables put before a `+` goes.

    Raises: Refusal for what no telephone is.
    """
    bare = text.removeprefix("'")
    if len(bare) > PHONE_MAX or not re.fullmatch(r"\+?[0-9][0-9 ().-]{3,}", bare):
        raise Refusal(f"{what}\u00a0: «\u00a0{text[:40]}\u00a0» n’est pas un numéro de téléphone.")
    return bare


def metres(text: str, what: str) -> int:
    """Read kilometres, `12`, `12,4` or `12.4 km`. Units: metres.

    Raises: Refusal for anything else, or a road that no département has.
    """
    bare = re.sub(r"\s*km$", "", text, flags=re.IGNORECASE)
    is_long = re.fullmatch(r"[0-9]{5,9}", bare)  # metres, more likely than not
    km = FARTHEST_KM + 1 if is_long else rules.decimal(bare, what)
    if not 0 <= km <= FARTHEST_KM:
        raise Refusal(
            f"{what}\u00a0: «\u00a0{text[:40]}\u00a0» n’est pas une distance dans un département (en kilomètres, "
            f"{FARTHEST_KM} au plus). Est-elle en mètres\u00a0?"
        )
    return round(km * 1000)


def minutes(text: str, what: str) -> int:
    """Read the minutes of a journey, rounded.

    Raises: Refusal for anything else, or more than a day's work.
    """
    found = rules.decimal(re.sub(r"\s*min(utes)?$", "", text, flags=re.IGNORECASE), what)
    if not 0 <= found <= LONGEST_MINUTES:
        raise Refusal(f"{what}\u00a0: «\u00a0{text[:40]}\u00a0» n’est pas la durée d’un trajet, en minutes.")
    return round(found)
