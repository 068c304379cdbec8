"""A path with everything that a package may have to carry."""

from tests.trainings.packages.mbz import PDF, PNG
from trainings.outlines import File, FilmLink, Module, Outline, Step
from trainings.paths.rules import StepKind
from trainings.quizzes.rules import Choice, Question, QuestionKind

SINGLE = Question(
    QuestionKind.SINGLE,
    "Quelle langue\u00a0?\nRegardez bien <la bulle> & le reste.",
    (Choice("le français", True, "Bien vu."), Choice("l’anglais", False, "Relisez."), Choice("l’<b>italien</b>")),
    "La bulle le disait.",
)
MULTIPLE = Question(
    QuestionKind.MULTIPLE,
    "Lesquelles sont chaudes\u00a0?",
    (Choice("rouge", True), Choice("bleu"), Choice("jaune", True)),
)
ORDER = Question(QuestionKind.ORDER, "Dans l’ordre\u00a0?", (Choice("labourer"), Choice("semer"), Choice("récolter")))
SHORT = Question(
    QuestionKind.SHORT, "La saison d’après l’hiver\u00a0?", (Choice("le printemps"), Choice("Été", feedback="x"))
)
QUIZ = (SINGLE, MULTIPLE, ORDER, SHORT)

PATH = Outline(
    "Comprendre la consigne & « faire » <avec>",
    "Six semaines.",
    (
        Module(
            "Lire une consigne",
            "Savoir où regarder",
            90,
            (
                Step(
                    StepKind.READING,
                    "Pourquoi",
                    "# Un titre\n\nDes **mots**, [un lien](https://eduscol.example) et <script>alert(1)</script>.",
                    files=(
                        File("Vue à plat.PNG", PNG, "la classe"),
                        File("../../fiche.pdf", PDF),
                        File("x.html", b"<script>"),
                    ),
                ),
                Step(
                    StepKind.WATCH,
                    "Regarder",
                    "Notez ce que font les élèves.",
                    films=(FilmLink("La consigne en CP", "https://partages.example/films/1", 125),),
                ),
                Step(StepKind.QUIZ, "Vérifier", questions=QUIZ, pass_percent=75),
            ),
        ),
        Module(
            "Essayer",
            steps=(Step(StepKind.LOG, "Noter", "Écrivez."), Step(StepKind.VISIT, "Voir", files=(File("a.png", PNG),))),
        ),
        Module("Vide"),
    ),
)
