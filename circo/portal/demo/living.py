"""What colleagues have written around the first film of the demonstration: all invented, as the film itself.

Rows, not acts: the acts wait for a film that can be watched, and the worker has not prepared it yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from circo import notices
from circo.models import Person
from circo.portal.demo.accounts import DOMAIN
from videos import queries
from videos.captions.rules import Cue
from videos.models import (
    CaptionTrack,
    Chapter,
    Collection,
    CriterionKind,
    Entry,
    Excerpt,
    Film,
    Grid,
    Moment,
    MomentKind,
    Observation,
    ObservationRound,
    PracticeSheet,
    Reply,
    Subject,
)


@dataclass(frozen=True)
class Answer:
    author: str  # the name before the @
    text: str
    mentions: str = ""


@dataclass(frozen=True)
class Words:
    """A comment at one second, or on a passage, by an account."""

    at_s: float
    author: str
    kind: MomentKind
    text: str
    ends_at_s: float | None = None
    answers: Sequence[Answer] = ()
    settled: bool = False


MOMENTS = (
    Words(3, "bruno", MomentKind.FACT, "Le chronomètre démarre ici : on le lit en haut à gauche."),
    Words(
        5,
        "bruno",
        MomentKind.QUESTION,
        "Pourquoi laisser ce silence aussi long ?",
        9,
        (
            Answer("amina", "Pour que chacun ait le temps de relire. Je compte dix secondes dans ma tête."),
            Answer("bruno", "J’essaie demain dans ma classe."),
        ),
        settled=True,
    ),
    Words(
        9.5,
        "conseillere",
        MomentKind.QUESTION,
        "Qu’attendiez-vous des élèves à ce moment-là ?",
        answers=(Answer("amina", "@Bruno Delacourt, tu l’as vu aussi : ils se corrigent entre eux.", "bruno"),),
    ),
    Words(12, "amina", MomentKind.FACT, "Deux binômes changent de méthode en cours de route.", 15.5),
    Words(16, "bruno", MomentKind.STRENGTH, "La consigne est redite avec d’autres mots."),
    Words(
        18,
        "conseillere",
        MomentKind.SUGGESTION,
        "Et si un élève redisait la consigne à votre place ?",
        22,
        (Answer("bruno", "Au CP, cela marche bien avec une affiche à compléter."),),
    ),
)
CHAPTERS = ((0, "La consigne"), (8, "On cherche à deux"), (17, "La mise en commun"))
CAPTIONS = (
    (500, 3200, "– On lit d’abord la consigne, tout bas."),
    (3600, 7000, "– Qui peut la redire avec ses mots ?"),
    (9000, 12500, "– Maintenant, vous cherchez à deux."),
    (17200, 20500, "– On met en commun : comment avez-vous fait ?"),
    (20800, 23500, "– Nous, on a fait un dessin."),
)
CRITERIA = (
    ("Un élève pose une question", CriterionKind.COUNTER),
    ("La consigne est reformulée", CriterionKind.YES_NO),
    ("Forme de travail", CriterionKind.SCALE),
    ("Un élève explique à un autre", CriterionKind.FACT),
)
FORMS = ["seul", "à deux", "tous ensemble"]
Seen = tuple[int, float, int | None, str]  # the rank of the criterion, the second, the answer, some words
SEEN: dict[str, Sequence[Seen]] = {
    "bruno": (
        (0, 4, None, ""),
        (0, 11, None, ""),
        (1, 16, 0, ""),
        (2, 9, 1, ""),
        (3, 13, None, "Elle montre du doigt."),
    ),
    "conseillere": (
        (0, 4, None, ""),
        (1, 16, 0, ""),
        (2, 9, 1, ""),
        (3, 14, None, "Il relit la consigne à son voisin."),
    ),
}


def fill(film: Film) -> None:
    """Write a discussion, captions, chapters, an observation, an excerpt, a sheet and a collection around a film."""
    for words in MOMENTS:
        _talk(film, words)
    Chapter.objects.bulk_create(Chapter(film=film, at_s=at_s, title=title) for at_s, title in CHAPTERS)
    track = CaptionTrack(film=film, shown_at=timezone.now())
    track.cues = [Cue(*row) for row in CAPTIONS]
    track.save()
    _observe(film)
    _gather(film)


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def _talk(film: Film, words: Words) -> None:
    author = person(words.author)
    moment = Moment.objects.create(
        film=film,
        author=author,
        at_s=words.at_s,
        ends_at_s=words.ends_at_s,
        kind=words.kind,
        text=words.text,
        settled_at=timezone.now() if words.settled else None,
    )
    for answer in words.answers:
        reply = Reply.objects.create(moment=moment, author=person(answer.author), text=answer.text)
        if answer.mentions:
            reply.mentioned.set([person(answer.mentions)])
    if author != film.author:
        notices.tell(
            person=film.author,
            kind=queries.FILM_COMMENTED,
            key=f"moment-{moment.pk}",
            title=f"{author} a commenté votre film",
            text=film.title,
            path=f"{reverse('videos:film_page', args=[film.pk])}?commentaire={moment.pk}",
        )


def _observe(film: Film) -> None:
    """Two colleagues have looked at the film with the same grid, and their looks are shown together."""
    grid = Grid.objects.create(
        owner=film.author,
        group=film.group,
        title="Ce que disent et font les élèves",
        purpose="Voir qui parle, et comment la consigne est comprise.",
    )
    criteria = [
        grid.criteria.create(rank=rank, label=label, kind=kind, levels=FORMS if kind == CriterionKind.SCALE else [])
        for rank, (label, kind) in enumerate(CRITERIA, start=1)
    ]
    now, end_s = timezone.now(), max(at_s for at_s, _ in CHAPTERS) + 6
    round_ = ObservationRound.objects.create(
        film=film, grid=grid, focus="La compréhension de la consigne", end_s=end_s, revealed_at=now
    )
    for name, notes in SEEN.items():
        look = Observation.objects.create(round=round_, observer=person(name), finished_at=now)
        Entry.objects.bulk_create(
            Entry(observation=look, criterion=criteria[which], at_s=at_s, value=value, text=text)
            for which, at_s, value, text in notes
        )


def _gather(film: Film) -> None:
    author = film.author
    excerpt = Excerpt.objects.create(
        film=film,
        author=author,
        title="Le silence avant de chercher",
        note="Dix secondes où personne ne parle : à montrer avant d’en discuter.",
        in_s=5,
        out_s=9,
        shared=True,
    )
    sheet = PracticeSheet.objects.create(
        owner=author,
        group=film.group,
        title="Dire la consigne une seule fois",
        context="Une classe de CP, un matin, en atelier de lecture.",
        intention="Que les élèves se redisent la consigne entre eux, au lieu de me la demander.",
        course="Je lis la consigne une fois.\nDix secondes de silence.\nUn élève la redit ; les autres complètent.",
        keeps="Le silence paraît long, mais presque plus personne ne redemande.",
        levels=["CP", "CE1"],
        subject=Subject.LANGUAGE,
        minutes=15,
    )
    sheet.films.add(film)
    sheet.excerpts.add(excerpt)
    collection = Collection.objects.create(
        owner=author, group=film.group, title="Faire comprendre une consigne", text="Pour notre prochaine rencontre."
    )
    collection.items.create(film=film, rank=1)
    collection.items.create(excerpt=excerpt, rank=2)
    collection.items.create(sheet=sheet, rank=3)
