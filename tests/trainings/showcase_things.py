"""A practice for the showcase: a sheet with a film of its author, and what the sweeps need of it."""

from __future__ import annotations

from typing import Any

from circo.models import District, Person
from tests.house.supplying import Scene, Supplied
from trainings.models import Showcase
from trainings.showcase import actions, rules
from trainings.showcase.rules import Answer, Reach
from videos.models import Film, PracticeSheet

TEXTS = {name: f"Réponse {name}." for name, _, _ in rules.CRITERIA}


def sheet_of(owner: Person, *films: Film, mark: str = "", **opened: Any) -> PracticeSheet:
    sheet = PracticeSheet.objects.create(
        owner=owner,
        title=f"Lire à deux{mark}",
        course=f"Chacun lit{mark}.",
        levels=["CP"],
        subject="LANGUAGE",
        **opened,
    )
    sheet.films.set(films)
    return sheet


def texts(sheet: PracticeSheet, mark: str = "", **fields: Any) -> dict[str, Any]:
    said = {name: f"{text}{mark}" for name, text in TEXTS.items()}
    return {"title": f"Lire à deux{mark}", "sheet": sheet, "path": None, "experiment": None, **said} | fields


def proposed(sheet: PracticeSheet, district: District, by: Person | None = None, **fields: Any) -> Showcase:
    return actions.propose(district=district, texts=texts(sheet, **fields), by=by or sheet.owner)


def agreed(showcase: Showcase, answer: Answer = Answer.DISTRICT) -> Showcase:
    """All its authors say as much."""
    for one in showcase.authors.select_related("person"):
        actions.answer(showcase=showcase, answer=answer, is_named=True, by=one.person)
    return showcase


def published(showcase: Showcase, by: Person, reach: Reach = Reach.DISTRICT) -> Showcase:
    answer = Answer.DISTRICT if reach is Reach.DISTRICT else Answer.DEPARTEMENT
    return actions.publish(showcase=agreed(showcase, answer), reach=reach, by=by)


def supply(scene: Scene) -> Supplied:
    mark, district = scene.mark, scene.ground.district
    adviser = scene.world.people["adviser" if scene.ground is scene.world.here else "adviser_there"]
    going = proposed(sheet_of(scene.teacher, mark=mark), district, mark=mark)
    shown = published(proposed(sheet_of(scene.teacher, mark=mark), district, mark=mark), adviser)
    aside = proposed(sheet_of(scene.teacher, mark=mark), district, mark=mark)
    actions.set_aside(showcase=aside, why=f"Plus tard{mark}", by=adviser)
    return Supplied(
        urls={
            **{f"trainings:showcase_{verb}": {"pk": going.pk} for verb in ("edit", "save", "publish", "set_aside")},
            **{f"trainings:showcase_{verb}": {"pk": shown.pk} for verb in ("page", "answer", "withdraw")},
            "trainings:showcase_resume": {"pk": aside.pk},
        },
        admin={"showcase": shown},
    )
