"""The three years of a member: stages, standings, origins, and the one table of the moves that are allowed.

`MOVES` is what everything else reads: the constraints of the database, the buttons, what a refusal says, the drawing in
`docs/membership-moves.md`, and the test of every forbidden move.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

INVITATION_DAYS = 21  # three school weeks, holidays included
REQUESTS_MOST = 3  # that wait at the same time: one asks where one would really go
WORD_MOST = 1000  # characters of a word, a reason, a note


class Stage(StrEnum):
    FIRST_YEAR = "FIRST_YEAR"
    SECOND_YEAR = "SECOND_YEAR"
    RELAY = "RELAY"


STAGE_LABELS = {
    Stage.FIRST_YEAR: "première année",
    Stage.SECOND_YEAR: "deuxième année",
    Stage.RELAY: "relais",
}


class Standing(StrEnum):
    """Where somebody stands in a group this year. ACTIVE alone is a member: the films of the group hang on it."""

    REQUESTED = "REQUESTED"
    INVITED = "INVITED"
    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    ON_LEAVE = "ON_LEAVE"
    LEFT = "LEFT"
    MOVED = "MOVED"
    DECLINED = "DECLINED"  # by the person
    REFUSED = "REFUSED"  # by the team
    WITHDRAWN = "WITHDRAWN"  # by whoever wrote it
    EXPIRED = "EXPIRED"


STANDING_LABELS = {
    Standing.REQUESTED: "demande en attente",
    Standing.INVITED: "invitation en attente",
    Standing.ACTIVE: "membre",
    Standing.PAUSED: "en pause",
    Standing.ON_LEAVE: "en congé long",
    Standing.LEFT: "a quitté le groupe",
    Standing.MOVED: "a changé de circonscription",
    Standing.DECLINED: "invitation déclinée",
    Standing.REFUSED: "demande non retenue",
    Standing.WITHDRAWN: "invitation ou demande retirée",
    Standing.EXPIRED: "invitation expirée",
}
ENDED = (Standing.LEFT, Standing.MOVED)  # with the day when it ended
WAITING = (Standing.REQUESTED, Standing.INVITED)
COUNTED = (Standing.ACTIVE, Standing.PAUSED, Standing.ON_LEAVE)  # who is carried into the next school year
CLOSED = (Standing.DECLINED, Standing.REFUSED, Standing.WITHDRAWN, Standing.EXPIRED)  # never became a member


class Origin(StrEnum):
    """What brought somebody here, as everybody may read it. A career meeting is not among them: it is written apart,
    for the inspector alone, and leaves what is read here as it was."""

    VOLUNTEER = "VOLUNTEER"
    INVITED = "INVITED"
    SCHOOL_VISIT = "SCHOOL_VISIT"
    PEER = "PEER"


ORIGIN_LABELS = {
    Origin.VOLUNTEER: "de sa propre initiative",
    Origin.INVITED: "sur invitation de l’équipe",
    Origin.SCHOOL_VISIT: "après une visite d’école",
    Origin.PEER: "par un ou une collègue",
}


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
class State:
    """A stage and a standing; both are empty outside of a group, before and after."""

    stage: str
    standing: str


NOWHERE = State("", "")


@dataclass(frozen=True)
class Move:
    """One allowed move: from where to where, its verb, who may make it."""

    source: State
    target: State
    verb: Verb
    hands: frozenset[Hand]


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

MOVES: tuple[Move, ...] = tuple(
    Move(source, target, verb, act.hands) for verb, act in ACTS.items() for source, target in act.moves
)
STATES: tuple[State, ...] = tuple(
    dict.fromkeys(state for move in MOVES for state in (move.source, move.target) if state != NOWHERE)
)
_BY_VERB_AND_SOURCE: dict[tuple[Verb, State], tuple[Move, ...]] = {}
for _move in MOVES:
    _key = (_move.verb, _move.source)
    _BY_VERB_AND_SOURCE[_key] = (*_BY_VERB_AND_SOURCE.get(_key, ()), _move)

_STANDING_SAYS = {
    "": "Cette personne n’est pas du groupe.",
    _S.REQUESTED: "Une demande attend sa réponse.",
    _S.INVITED: "Une invitation attend sa réponse.",
    _S.ACTIVE: "Cette personne est déjà membre du groupe.",
    _S.PAUSED: "Cette personne est en pause.",
    _S.ON_LEAVE: "Cette personne est en congé long.",
    _S.LEFT: "Cette personne a quitté le groupe.",
    _S.MOVED: "Cette personne a changé de circonscription.",
    _S.DECLINED: "L’invitation a été déclinée.",
    _S.REFUSED: "La demande n’a pas été retenue.",
    _S.WITHDRAWN: "L’invitation ou la demande a été retirée.",
    _S.EXPIRED: "L’invitation a expiré.",
}
_HANDS_SAY = {
    _PERSON: "C’est à la personne elle-même de le faire.",
    _TEAM: "C’est à l’équipe de circonscription de le faire.",
    _INSPECTOR: "C’est à l’inspecteur ou à l’inspectrice de le décider.",
    _CLOCK: "Seule la date le fait.",
}
_MIXED_HANDS_SAY = "Cela revient à la personne elle-même ou à l’équipe de circonscription."


def moves_from(source: State, hands: Iterable[Hand], verbs: Iterable[Verb] = Verb) -> Iterator[Move]:
    """What these hands may do from there, in the order of the table."""
    mine = frozenset(hands)
    for verb in verbs:
        for move in _BY_VERB_AND_SOURCE.get((verb, source), ()):
            if move.hands & mine:
                yield move


def find(verb: Verb, source: State, stage: str = "") -> Move | None:
    """The move that this verb makes from there; `stage` chooses among those that enter a group."""
    found = _BY_VERB_AND_SOURCE.get((verb, source), ())
    return next((move for move in found if not stage or move.target.stage in ("", stage)), None)


def the_move(verb: Verb, source: State, stage: str = "") -> Move:
    """The same, where `refusal` said nothing.

    Raises: KeyError if the table holds no such move.
    """
    found = find(verb, source, stage)
    if found is None:
        raise KeyError((verb, source, stage))
    return found


def verb_between(source: State, target: State) -> Verb | None:
    """The verb that goes from one state to the other within a school year; None if none does."""
    within = (move for move in MOVES if move.verb not in OVER_THE_YEAR)
    return next((move.verb for move in within if (move.source, move.target) == (source, target)), None)


def refusal(verb: Verb, source: State, hands: Iterable[Hand], stage: str = "") -> str:
    """What forbids this verb there, or to these hands, in French; empty if nothing does."""
    act = ACTS[verb]
    if find(verb, source, stage) is None:
        return f"{_STANDING_SAYS[source.standing]} {act.refusal}"
    if not act.hands & frozenset(hands):
        return _HANDS_SAY.get(act.hands, _MIXED_HANDS_SAY)
    return ""


def refusal_between(source: State, target: State) -> str:
    """What is said of a change that no verb makes: of what was asked, and of what can be done from there."""
    asked = f"On ne passe pas de «\u00a0{in_words(source)}\u00a0» à «\u00a0{in_words(target)}\u00a0»."
    within = [verb for verb in Verb if verb not in OVER_THE_YEAR]
    open_ways = {in_words(move.target) for move in moves_from(source, Hand, within)}
    if not open_ways:
        return f"{asked} Rien n’est possible depuis cet état."
    return f"{asked} Depuis là, on peut aller vers\u00a0: {', '.join(sorted(open_ways))}."


def in_words(state: State) -> str:
    """Name a state: « première année, membre »."""
    if state == NOWHERE:
        return "hors du groupe"
    return f"{STAGE_LABELS[Stage(state.stage)]}, {STANDING_LABELS[Standing(state.standing)]}"


def edges(moves: Sequence[Move] = MOVES) -> list[tuple[str, str, str, str, str]]:
    """Each move as the log writes it: verb, then stage and standing, from and to."""
    return [
        (move.verb, move.source.stage, move.source.standing, move.target.stage, move.target.standing) for move in moves
    ]
