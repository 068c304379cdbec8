"""What is done of a membership: each verb, its words, who may, and the moves that it makes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from networks.groups.rules.standings import CLOSED, COUNTED, ENDED, NOWHERE, Stage, Standing, State


class Hand(StrEnum):
    """Who makes a move."""

    PERSON = "PERSON"  # oneself
    TEAM = "TEAM"  # whoever manages the groups of the district
    INSPECTOR = "INSPECTOR"  # whoever decides
    CLOCK = "CLOCK"  # a date went by


HAND_LABELS = {
    Hand.PERSON: "la personne elle-même",
    Hand.TEAM: "l’équipe de circonscription",
    Hand.INSPECTOR: "l’inspecteur ou l’inspectrice",
    Hand.CLOCK: "le calendrier",
}


class Verb(StrEnum):
    INVITE = "INVITE"
    REQUEST = "REQUEST"
    ENROL = "ENROL"
    ACCEPT = "ACCEPT"
    DECLINE = "DECLINE"
    WITHDRAW = "WITHDRAW"
    EXPIRE = "EXPIRE"
    ADMIT = "ADMIT"
    REFUSE = "REFUSE"
    CANCEL = "CANCEL"
    PAUSE = "PAUSE"
    GRANT_LEAVE = "GRANT_LEAVE"
    RESUME = "RESUME"
    LEAVE = "LEAVE"
    MOVE_AWAY = "MOVE_AWAY"
    COME_BACK = "COME_BACK"
    PROMOTE = "PROMOTE"
    STEP_BACK = "STEP_BACK"
    # From one school year to the next.
    ADVANCE = "ADVANCE"
    STAY = "STAY"
    REST = "REST"
    KEEP_LEAVE = "KEEP_LEAVE"
    END = "END"


@dataclass(frozen=True)
class Act:
    """A verb: the button's word, what the log tells, who may, and what is said where it is not allowed."""

    label: str
    told: str
    hands: frozenset[Hand]
    refusal: str
    moves: tuple[tuple[State, State], ...]


_S = Standing
ASKING_STAGES = (Stage.FIRST_YEAR, Stage.SECOND_YEAR)  # nobody asks to be a relay: one is called to it
UP = ((Stage.FIRST_YEAR, Stage.SECOND_YEAR), (Stage.SECOND_YEAR, Stage.RELAY))


def _enter(target: Standing, stages: Iterable[Stage] = Stage) -> tuple[tuple[State, State], ...]:
    return tuple((NOWHERE, State(stage.value, target.value)) for stage in stages)


def _turn(
    sources: Iterable[Standing], target: Standing, stages: Iterable[Stage] = Stage
) -> tuple[tuple[State, State], ...]:
    """From one standing to another; the stage stays."""
    return tuple(
        (State(stage.value, source.value), State(stage.value, target.value)) for source in sources for stage in stages
    )


def _step(pairs: Iterable[tuple[Stage, Stage]]) -> tuple[tuple[State, State], ...]:
    """From one stage to another; one is and stays a member."""
    active = _S.ACTIVE.value
    return tuple((State(source.value, active), State(target.value, active)) for source, target in pairs)


def _hands(*hands: Hand) -> frozenset[Hand]:
    return frozenset(hands)


_PERSON, _TEAM, _INSPECTOR, _CLOCK = (_hands(hand) for hand in Hand)
ACTS: dict[Verb, Act] = {
    Verb.INVITE: Act(
        "Inviter",
        "invitation",
        _TEAM,
        "On invite une personne qui n’est pas encore du groupe, ou qui n’en est plus.",
        _enter(_S.INVITED) + _turn((*CLOSED, _S.LEFT), _S.INVITED),
    ),
    Verb.REQUEST: Act(
        "Demander à rejoindre",
        "demande",
        _PERSON,
        "On demande à rejoindre un groupe dont on n’est pas, en première ou en deuxième année.",
        _enter(_S.REQUESTED, ASKING_STAGES)
        + _turn((_S.DECLINED, _S.WITHDRAWN, _S.EXPIRED, _S.LEFT), _S.REQUESTED, ASKING_STAGES),
    ),
    Verb.ENROL: Act(
        "Inscrire",
        "inscription",
        _TEAM,
        "On inscrit une personne qui n’a encore rien dans ce groupe cette année.",
        _enter(_S.ACTIVE),
    ),
    Verb.ACCEPT: Act(
        "Accepter l’invitation",
        "invitation acceptée",
        _PERSON,
        "Seule une invitation qui attend sa réponse peut être acceptée.",
        _turn((_S.INVITED,), _S.ACTIVE),
    ),
    Verb.DECLINE: Act(
        "Décliner",
        "invitation déclinée",
        _PERSON,
        "Seule une invitation qui attend sa réponse peut être déclinée.",
        _turn((_S.INVITED,), _S.DECLINED),
    ),
    Verb.WITHDRAW: Act(
        "Retirer l’invitation",
        "invitation retirée",
        _TEAM,
        "Seule une invitation qui attend sa réponse peut être retirée.",
        _turn((_S.INVITED,), _S.WITHDRAWN),
    ),
    Verb.EXPIRE: Act(
        "Laisser expirer",
        "invitation expirée",
        _CLOCK,
        "Seule une invitation qui attend sa réponse peut expirer.",
        _turn((_S.INVITED,), _S.EXPIRED),
    ),
    Verb.ADMIT: Act(
        "Accueillir",
        "demande acceptée",
        _TEAM,
        "Seule une demande qui attend sa réponse peut être acceptée.",
        _turn((_S.REQUESTED,), _S.ACTIVE, ASKING_STAGES),
    ),
    Verb.REFUSE: Act(
        "Ne pas retenir",
        "demande non retenue",
        _TEAM,
        "Seule une demande qui attend sa réponse peut être écartée.",
        _turn((_S.REQUESTED,), _S.REFUSED, ASKING_STAGES),
    ),
    Verb.CANCEL: Act(
        "Retirer ma demande",
        "demande retirée",
        _PERSON,
        "Seule une demande qui attend sa réponse peut être retirée.",
        _turn((_S.REQUESTED,), _S.WITHDRAWN, ASKING_STAGES),
    ),
    Verb.PAUSE: Act(
        "Mettre en pause",
        "pause",
        _hands(Hand.PERSON, Hand.TEAM),
        "Seul un membre du groupe peut faire une pause.",
        _turn((_S.ACTIVE,), _S.PAUSED),
    ),
    Verb.GRANT_LEAVE: Act(
        "Noter un congé long",
        "congé long",
        _TEAM,
        "Un congé long se note pour un membre du groupe, ou pour une personne en pause.",
        _turn((_S.ACTIVE, _S.PAUSED), _S.ON_LEAVE),
    ),
    Verb.RESUME: Act(
        "Noter le retour",
        "retour",
        _TEAM,
        "On revient d’une pause ou d’un congé long.",
        _turn((_S.PAUSED, _S.ON_LEAVE), _S.ACTIVE),
    ),
    Verb.LEAVE: Act(
        "Quitter le groupe",
        "départ du groupe",
        _hands(Hand.PERSON, Hand.TEAM),
        "Seule une personne du groupe peut le quitter.",
        _turn(COUNTED, _S.LEFT),
    ),
    Verb.MOVE_AWAY: Act(
        "Noter un départ de la circonscription",
        "départ de la circonscription",
        _hands(Hand.TEAM, Hand.CLOCK),
        "Le départ de la circonscription se note pour une personne du groupe.",
        _turn(COUNTED, _S.MOVED),
    ),
    Verb.COME_BACK: Act(
        "Annuler le départ",
        "départ annulé",
        _TEAM,
        "Seul un départ peut être annulé.",
        _turn(ENDED, _S.ACTIVE),
    ),
    Verb.PROMOTE: Act(
        "Passer à l’étape suivante",
        "étape suivante",
        _INSPECTOR,
        "On passe d’une étape à la suivante, en étant membre : de la première année à la deuxième, puis au relais.",
        _step(UP),
    ),
    Verb.STEP_BACK: Act(
        "Revenir à l’étape précédente",
        "retour à l’étape précédente",
        _INSPECTOR,
        "On revient d’une étape à la précédente, en étant membre.",
        _step((after, before) for before, after in UP),
    ),
    Verb.ADVANCE: Act(
        "Étape suivante",
        "étape suivante",
        _INSPECTOR,
        "Un membre de première ou de deuxième année passe à l’étape suivante ; un relais reste relais.",
        _step(UP),
    ),
    Verb.STAY: Act(
        "Même étape",
        "même étape",
        _INSPECTOR,
        "Seule une personne du groupe continue l’année suivante.",
        _turn(COUNTED, _S.ACTIVE),
    ),
    Verb.REST: Act(
        "Pause",
        "année de pause",
        _INSPECTOR,
        "Une pause d’un an se décide pour un membre du groupe, ou pour une personne déjà en pause.",
        _turn((_S.ACTIVE, _S.PAUSED), _S.PAUSED),
    ),
    Verb.KEEP_LEAVE: Act(
        "Congé long",
        "congé long prolongé",
        _INSPECTOR,
        "Seul un congé long se prolonge d’une année à l’autre.",
        _turn((_S.ON_LEAVE,), _S.ON_LEAVE),
    ),
    Verb.END: Act(
        "Fin du parcours",
        "fin du parcours",
        _INSPECTOR,
        "Seule une personne du groupe peut le quitter en fin d’année.",
        tuple((State(stage.value, standing.value), NOWHERE) for standing in COUNTED for stage in Stage),
    ),
}
OVER_THE_YEAR = (Verb.ADVANCE, Verb.STAY, Verb.REST, Verb.KEEP_LEAVE, Verb.END)
