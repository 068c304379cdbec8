"""The showcase of the demonstration: one practice that is shown, one that waits for its author. All invented."""

from __future__ import annotations

from circo.models import District, Person
from circo.portal.demo.accounts import DOMAIN
from trainings.models import PathVersion, Showcase
from trainings.paths.rules import VersionState
from trainings.showcase import actions
from trainings.showcase.rules import Answer, Reach
from videos.models import PracticeSheet, Subject


def _person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def write() -> None:
    relay, adviser = _person("chloe"), _person("conseillere")
    district = District.objects.filter(pk__in=adviser.reach().district_ids).earliest("pk")
    sheet = PracticeSheet.objects.create(
        owner=relay,
        district=district,
        title="Le problème du lundi",
        context="Une classe de CE1, vingt-quatre élèves.",
        intention="Que chacun cherche avant de demander.",
        course="Un seul problème, sans nombre, au tableau.\nCinq minutes de recherche, seul.\nTrois façons, comparées.",
        keeps="Les élèves parlent de leur façon de faire, plus seulement du résultat.",
        levels=["CE1", "CE2"],
        subject=Subject.MATHS,
        minutes=30,
    )
    shown = _proposed(
        district,
        sheet,
        relay,
        effect="Tous cherchent, y compris celles et ceux qui attendaient la correction.",
        proof="En octobre, neuf élèves sur vingt-quatre écrivaient quelque chose\u00a0; en mars, vingt-deux.",
        carries="Un problème par semaine, toujours le même jour, et le droit de se tromper au tableau.",
        needs="Un cahier de recherche.",
    )
    actions.answer(showcase=shown, answer=Answer.DEPARTEMENT, is_named=True, by=relay)
    actions.publish(showcase=shown, reach=Reach.DEPARTEMENT, by=adviser)
    spoken = PracticeSheet.objects.create(
        owner=_person("amina"),
        district=district,
        title="Dix secondes de silence",
        course="Je lis la consigne une fois.\nDix secondes de silence.\n"
        "Un élève la redit\u00a0; les autres complètent.",
        levels=["CP"],
        subject=Subject.LANGUAGE,
    )
    _proposed(
        district,
        spoken,
        _person("bruno"),
        effect="Les élèves se redisent la consigne entre eux.",
        proof="Deux visites, et le temps passé à répéter.",
        carries="Dix secondes de silence après la consigne.",
        needs="",
    )


def _proposed(district: District, sheet: PracticeSheet, by: Person, **criteria: str) -> Showcase:
    version = PathVersion.objects.filter(state=VersionState.PUBLISHED, path__district=district).first()
    texts = criteria | {"title": sheet.title, "sheet": sheet, "path": version.path if version else None}
    return actions.propose(district=district, texts=texts | {"experiment": None}, by=by)
