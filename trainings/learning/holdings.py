"""What is kept of a learner. All of it goes with the account."""

from __future__ import annotations

from circo.registries import Holding
from trainings.models import (
    Enrolment,
    GridAnswer,
    ModuleRoute,
    PathSession,
    QuestionAnswer,
    StatementAnswer,
    StepProgress,
)

HOLDINGS = (
    Holding(
        "Mes parcours",
        lambda person: Enrolment.objects.filter(person=person).order_by("pk"),
        {
            "parcours": "version__title",
            "session": "session__title",
            "ce que j’en attends": "goals",
            "minutes par semaine": "weekly_minutes",
            "rappel": "reminder_day",
            "vu par qui accompagne": "followed",
            "transmis au magasin de traces": "passes_on",
            "transmis jusqu’au": "passed_on_at",
            "commencé": "started_at",
            "dernière visite": "seen_at",
            "terminé": "completed_at",
            "quitté": "left_at",
            "minutes créditées": "credited_minutes",
        },
    ),
    Holding(
        "Mes étapes",
        lambda person: StepProgress.objects.filter(enrolment__person=person).order_by("pk"),
        {
            "parcours": "step__module__version__title",
            "étape": "step__title",
            "commencée": "started_at",
            "faite": "done_at",
            "ce que j’ai écrit": "text",
            "réussite en %": "percent",
            "film": "film__title",
        },
    ),
    Holding(
        "Mes réponses aux questions des parcours",
        lambda person: QuestionAnswer.objects.filter(enrolment__person=person).order_by("pk"),
        {
            "question": "question__text",
            "réponse": "answer",
            "juste": "is_right",
            "essais": "tries",
            "le": "answered_at",
        },
    ),
    Holding(
        "Ce que je disais connaître",
        lambda person: StatementAnswer.objects.filter(enrolment__person=person).order_by("pk"),
        {"énoncé": "statement__text", "niveau": "level"},
    ),
    Holding(
        "Mes choix de modules",
        lambda person: ModuleRoute.objects.filter(enrolment__person=person).order_by("pk"),
        {"module": "module__title", "choix": "route"},
    ),
    Holding(
        "Mes regards avec les grilles des parcours",
        lambda person: GridAnswer.objects.filter(enrolment__person=person).order_by("pk"),
        {"étape": "step__title", "repère": "criterion__label", "combien": "number", "en quelques mots": "text"},
    ),
    Holding(
        "Les sessions de parcours que j’accompagne",
        lambda person: PathSession.objects.filter(tutor=person).order_by("pk"),
        {"session": "title", "parcours": "version__title", "du": "first_day", "au": "last_day"},
    ),
)
