"""The weekly reminders that learners asked for."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from trainings.learning import rules, telling
from trainings.models import Enrolment


def remind(today: date) -> int:
    """Remind those who chose this day of the week, once a day; return how many. Run twice, it does nothing more."""
    asked = Enrolment.objects.going_on().filter(reminder_day=rules.CODES[today.weekday()], person__is_active=True)
    rows = list(asked.exclude(reminded_on=today).select_related("person", "version").order_by("pk"))
    with transaction.atomic():
        telling.remind(rows, today)
        Enrolment.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_on=today)
    return len(rows)
