"""Training paths of the demonstration: one that is published, one that is being written. All invented."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from circo.models import District, Person
from circo.portal.demo.accounts import DOMAIN
from networks.models import MutualisationGroup
from trainings.catalogue import actions as catalogue
from trainings.following import actions as following
from trainings.learning import actions as learning
from trainings.models import LearningPath, Module, PathSession, PathVersion, Question, Step, StepExcerpt
from trainings.paths.actions import contents, modules, paths, publishing, steps
from trainings.paths.actions.contents import QuestionText
from trainings.paths.actions.modules import ModuleText
from trainings.paths.actions.paths import PathText
from trainings.paths.actions.steps import StepText
from trainings.paths.rules import Opening, StepKind
from trainings.quizzes.rules import Choice, QuestionKind
from videos.models import Film, Subject

TITLE = "Faire parler tous les élèves"
READING = (
    "Un élève qui se tait n’est pas un élève qui ne sait pas. Dans une classe, cinq ou six élèves prennent l’essentiel "
    "de la parole.\n\n## Trois choses à regarder\n\n- **Qui** parle, et à qui\n- **Combien de temps** on laisse après "
    "une question\n- **Ce que devient** une réponse fausse"
)
TRY = (
    "Cette semaine, comptez trois secondes en silence après une question. Qui a parlé, que vous n’entendez pas "
    "d’habitude\u00a0?"
)


def _person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def write() -> None:
    """Write a path, publish it, have two teachers take it; begin another one."""
    author = _person("conseillere")
    district = District.objects.filter(pk__in=author.reach().district_ids).earliest("pk")
    version = _speaking(district, author)
    publishing.publish(version=version, by=author)
    _take(version, author)
    _next(district, author)


def _speaking(district: District, author: Person) -> PathVersion:
    text = PathText(
        TITLE,
        "Regarder qui parle dans une classe, laisser du temps, essayer dans la sienne, aller voir chez une collègue.",
        ["GS", "CP", "CE1"],
        Subject.LANGUAGE,
    )
    version = paths.create(district=district, opening=Opening.DEPARTEMENT, text=text, by=author)
    seeing = _module(
        version,
        ModuleText(
            "Voir qui parle",
            "Repérer qui prend la parole, et quand.",
            45,
            statements=["Je sais qui n’a pas parlé ce matin dans ma classe", "Je sais à qui je donne la parole"],
        ),
        author,
    )
    _step(seeing, StepKind.READING, StepText("Trois choses à regarder", READING), author)
    quiz = _step(seeing, StepKind.QUIZ, StepText("Ce que vous en pensez", proves_module=True), author)
    _ask(quiz, author)
    trying = _module(
        version, ModuleText("Laisser du temps", "Essayer trois secondes de silence.", 75, needs=[seeing]), author
    )
    _step(trying, StepKind.LOG, StepText("Ce que j’ai essayé", TRY), author)
    further = _module(version, ModuleText("Aller voir", "Chez une collègue.", 60, is_optional=True), author)
    _step(further, StepKind.VISIT, StepText("Visiter une classe où l’on parle", practice="ORAL"), author)
    return version


def _module(version: PathVersion, text: ModuleText, by: Person) -> Module:
    return modules.write(version=version, module=None, text=text, by=by)


def _step(module: Module, kind: StepKind, text: StepText, by: Person) -> Step:
    return steps.add(module=module, kind=kind, text=text, by=by)


def _ask(quiz: Step, by: Person) -> Question:
    choices = [
        Choice("moins d’une seconde", True, "Et beaucoup d’élèves n’ont pas fini de chercher."),
        Choice("trois secondes environ", False, "C’est ce que l’on croit laisser."),
        Choice("dix secondes", False, "Ce serait très long\u00a0: essayez."),
    ]
    text = QuestionText(
        QuestionKind.SINGLE,
        "Combien de temps attend-on, le plus souvent, après avoir posé une question\u00a0?",
        choices,
        "Compter en silence aide à attendre.",
    )
    return contents.ask(step=quiz, excerpt=None, text=text, by=by)


def _take(version: PathVersion, tutor: Person) -> None:
    """A session of Amina's group, in which she has begun; Bruno is at the end of his own way."""
    amina, bruno, today = _person("amina"), _person("bruno"), timezone.localdate()
    session = PathSession.objects.create(
        version=version,
        district=version.path.district,
        title="Session de l’hiver",
        first_day=today - timedelta(days=20),
        last_day=today + timedelta(days=60),
        tutor=tutor,
        group=MutualisationGroup.objects.of_member(amina).first(),
    )
    begun = learning.enrol(path=version.path, session=session, followed=True, by=amina)
    reading, quiz, log, _ = Step.objects.filter(module__version=version).order_by("module__rank", "rank")
    learning.read(enrolment=begun, step=reading, by=amina)
    learning.set_wishes(
        enrolment=begun,
        goals="Entendre Lina et Noé.",
        weekly_minutes=30,
        reminder_day="TUE",
        by=amina,
    )
    over = learning.enrol(path=version.path, by=bruno)
    learning.read(enrolment=over, step=reading, by=bruno)
    learning.answer(enrolment=over, step=quiz, answers={quiz.questions.get().pk: ["0"]}, by=bruno)
    learning.write(enrolment=over, step=log, text="J’ai compté jusqu’à trois. Deux voix nouvelles.", by=bruno)
    keeps, advice = "Trois secondes de silence, et d’autres voix.", "À qui n’entend que les mêmes élèves"
    catalogue.say(enrolment=over, keeps=keeps, advice=advice, is_signed=True, by=bruno)
    at = (timezone.localtime() + timedelta(days=12)).replace(hour=17, minute=15, second=0, microsecond=0)
    following.add_date(
        session=session, starts_at=at, ends_at=at + timedelta(hours=1, minutes=30), where="Salle 2", link="", by=tutor
    )


def _next(district: District, author: Person) -> None:
    text = PathText("Lire à voix haute", "En préparation.", ["CP"], Subject.LANGUAGE)
    draft = paths.create(district=district, opening=Opening.DISTRICT, text=text, by=author)
    first = _module(draft, ModuleText("Choisir un album", minutes=30), author)
    _step(first, StepKind.READING, StepText("Trois critères", "La longueur, les images, les mots."), author)


def show(film: Film) -> None:
    """Show a film in the published path. Not by the author's own verb: the film is prepared once a worker runs."""
    path = LearningPath.objects.filter(versions__title=TITLE).first()
    if path is None:
        return
    module = Module.objects.filter(version__path=path).earliest("rank", "pk")
    step = Step.objects.create(module=module, kind=StepKind.WATCH, title="Regarder douze secondes", rank=1)
    Step.objects.filter(module=module, kind=StepKind.QUIZ).update(rank=2)
    excerpt = StepExcerpt.objects.create(step=step, rank=0, film=film, title="Le chronomètre", in_s=2, out_s=14)
    Question.objects.create(
        step=step,
        rank=0,
        excerpt=excerpt,
        at_s=6,
        kind=QuestionKind.SHORT,
        text="Qu’est-ce qui bouge\u00a0?",
        choices=[["le chronomètre", True, ""], ["les chiffres", True, ""]],
        feedback="Une image de synthèse\u00a0: dans un vrai parcours, on regarde une classe.",
    )
