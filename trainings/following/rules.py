"""Pure rules of sessions: their days and dates, when a learner was last seen, who seems stuck."""

from __future__ import annotations

from datetime import date, datetime, timedelta

DATES_MAX = 60  # of one session
WHERE_MAX, WORD_MAX = 200, 1000
SESSION_DAYS_MAX = 400
DATE_LENGTH_MAX = timedelta(hours=10)
SILENT_DAYS = 14  # without a step done: the tutor may ask how it goes
TRIES = 3  # of a quiz, without passing it

NOTHING_DONE = "rien de fait depuis deux semaines"
STUCK_ON_A_QUIZ = "bute sur un questionnaire"


def fault_of_days(first_day: date, last_day: date) -> str:
    """Say in French what is wrong with the days of a session; empty if nothing is."""
    if last_day < first_day:
        return "Le dernier jour vient après le premier."
    if (last_day - first_day).days > SESSION_DAYS_MAX:
        return "Une session dure une année au plus."
    return ""


def fault_of_date(starts_at: datetime, ends_at: datetime, first_day: date, last_day: date) -> str:
    """Say in French what is wrong with a date of a session; empty if nothing is. The instants are local."""
    if ends_at <= starts_at:
        return "La fin vient après le début."
    if starts_at.date() != ends_at.date() or ends_at - starts_at > DATE_LENGTH_MAX:
        return "Une date tient dans la même journée, dix heures au plus."
    if not first_day <= starts_at.date() <= last_day:
        return "Choisissez un jour de la session."
    return ""


def last_visit(seen: date, today: date) -> str:
    """Say when somebody was last there, in words and no nearer."""
    days = (today - seen).days
    weeks = (today - timedelta(days=today.weekday()) - (seen - timedelta(days=seen.weekday()))).days // 7
    if weeks <= 0:
        return "cette semaine"
    if weeks == 1:
        return "la semaine dernière"
    if days <= SILENT_DAYS:
        return "il y a moins de deux semaines"
    return "il y a plus de deux semaines" if days <= 31 else "il y a plus d’un mois"


def why_stuck(*, is_over: bool, done_last: datetime, fails: bool, now: datetime) -> str:
    """Say why a learner seems stuck; empty if they do not.

    `done_last`: the last step done, else the beginning; `fails`: some quiz was tried TRIES times and is not passed.
    """
    if is_over:
        return ""
    if fails:
        return STUCK_ON_A_QUIZ
    return NOTHING_DONE if now - done_last > timedelta(days=SILENT_DAYS) else ""
