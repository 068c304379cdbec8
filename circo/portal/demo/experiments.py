"""Two experiments of the demonstration, one told to its end: all invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from circo.models import Derogation, Person
from circo.portal.demo.accounts import DOMAIN
from networks.experiments import actions, queries
from networks.models import (
    DiaryEntry,
    Experiment,
    ExperimentClass,
    ExperimentStep,
    Indicator,
    IndicatorPoint,
    MutualisationGroup,
)


@dataclass(frozen=True)
class Figure:
    """An indicator: its values and, between them, one more."""

    name: str
    unit: str
    wanted: str
    before: str
    after: str = ""
    between: str = ""
    why_missing: str = ""


FIGURES = (
    Figure("Mots lus correctement en une minute, en moyenne", "mots", "UP", "38", "61", "47"),
    Figure("Élèves qui demandent à lire devant la classe", "%", "UP", "25", "71", "46"),
    Figure("Livres empruntés par la classe en un mois", "livres", "UP", "31", "44"),
    Figure("Lectures interrompues par un rappel au calme", "par séance", "DOWN", "4,5", "1,5"),
    Figure("Élèves absents le jour de la mesure", "élèves", "NONE", "2", why_missing="Nous avons oublié de le noter."),
)
TEXTS = {
    "finding": "En janvier, un tiers de la classe lit **mot à mot** et ne s’écoute pas lire.",
    "question": "Lire chaque jour à deux voix aide-t-il à lire avec plus d’aisance ?",
    "hypothesis": "Quand on lit pour quelqu’un, on reprend, on ralentit, on met le ton.",
    "objectives": "lire à voix haute dix minutes chaque jour\napprendre à aider sans dire la réponse",
    "outcome": "Les élèves lisent plus de mots, et surtout **demandent à lire**. Ceux qui lisaient déjà bien ont peu "
    "progressé, mais disent avoir appris à aider.",
    "keeps": "Le binôme du matin, et l’affiche « aider sans dire ».",
}
STEPS = ("Former les binômes avec les élèves", "Première mesure", "Filmer une séance", "Seconde mesure, et en parler")
DIARY = (
    ("amina", 80, "Premiers binômes : **beaucoup de bruit**, puis plus du tout. On change de place, pas de voisin."),
    ("bruno", 62, "J’ai repris l’affiche d’Amina :\n\n- j’attends ;\n- je montre le début ;\n- je relis avec toi."),
    ("amina", 30, "Un binôme a demandé à lire aux CP. Nous irons jeudi."),
)
IDEA = {
    "title": "Un quart d’heure dehors chaque matin",
    "finding": "Après la récréation de dix heures, il faut longtemps pour se remettre au travail.",
    "question": "Commencer la journée dehors change-t-il l’attention du reste de la matinée ?",
    "asks_derogation": True,
}


def write() -> None:
    """Write both into the group of Amina and Bruno, by the acts of its members."""
    people = {person.email.split("@")[0]: person for person in Person.objects.filter(email__endswith=f"@{DOMAIN}")}
    amina, bruno = people.get("amina"), people.get("bruno")
    group = MutualisationGroup.objects.of_member(amina).first() if amina and bruno else None
    if group is None or amina is None or bruno is None:
        return
    _told(group, amina, bruno)
    idea = actions.propose(group=group, texts=IDEA, by=bruno)
    _class(idea, bruno, bruno)


def _told(group: MutualisationGroup, amina: Person, bruno: Person) -> None:
    told = actions.propose(group=group, texts=TEXTS | {"title": "Lire à deux voix"}, by=amina)
    derogation = Derogation.objects.filter(district=group.network.district_id).order_by("pk").first()
    council = timezone.localdate() - timedelta(days=95)
    texts = {"council_on": council, "derogation": derogation}
    actions.write(experiment=told, texts=texts, by=amina)
    for person in (amina, bruno):
        _class(told, person, amina)
    start = timezone.localdate() - timedelta(days=90)
    for number, title in enumerate(STEPS):
        on = start + timedelta(days=28 * number)
        actions.add(experiment=told, part=ExperimentStep(title=title, due_on=on, done_on=on), by=amina)
    for figure in FIGURES:
        _figure(told, figure, start, amina)
    people = {"amina": amina, "bruno": bruno}
    for name, days, text in DIARY:
        on = timezone.localdate() - timedelta(days=days)
        actions.add(experiment=told, part=DiaryEntry(on=on, text=text), by=people[name])
    actions.move(experiment=told, name="lancer", by=amina, why="Le conseil d’école est d’accord.")
    actions.move(experiment=told, name="conclure", by=amina, why="Trois mois ont suffi pour en parler.")


def _class(experiment: Experiment, teacher: Person, by: Person) -> None:
    posting = teacher.postings.in_force(timezone.localdate()).filter(school__isnull=False).first()
    if posting is None or not queries.schools_of_members(experiment.group_id).filter(pk=posting.school_id).exists():
        return
    part = ExperimentClass(school_id=posting.school_id, levels=posting.levels, pupil_count=posting.class_size)
    actions.add(experiment=experiment, part=part, by=by)


def _value(text: str) -> Decimal | None:
    return Decimal(text.replace(",", ".")) if text else None


def _figure(experiment: Experiment, figure: Figure, start: date, by: Person) -> None:
    after = _value(figure.after)
    part = Indicator(
        name=figure.name,
        unit=figure.unit,
        wanted=figure.wanted,
        before=_value(figure.before),
        before_on=start,
        after=after,
        after_on=None if after is None else start + timedelta(days=84),
        why_missing=figure.why_missing,
    )
    kept = actions.add(experiment=experiment, part=part, by=by)
    if figure.between:
        on = start + timedelta(days=42)
        point = IndicatorPoint(indicator_id=kept.pk, value=Decimal(figure.between), on=on)
        actions.add(experiment=experiment, part=point, by=by)
