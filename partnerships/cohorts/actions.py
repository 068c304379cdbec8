"""Verbs of an institution: save what it teaches and to whom; say when the university keeps a cohort, or no longer."""

from __future__ import annotations

from django.db import transaction
from django.forms import ModelForm
from django.utils import timezone

from circo.models import Institution
from partnerships.models import UniversityPeriod


def saved(form: ModelForm) -> bool:
    """Save a row of an institution, if its form holds. Of two hands that give one name at once, the second is told."""
    if not form.is_valid():
        return False
    with transaction.atomic():
        Institution.objects.select_for_update(of=("self",)).get(pk=form.instance.institution_id)
        form.full_clean()  # again, now that nobody else saves
        if form.is_valid():
            form.save()
    return form.is_valid()


@transaction.atomic
def remove(*, period: UniversityPeriod) -> UniversityPeriod:
    """Take a period away: placements may use its days. Twice is as once."""
    UniversityPeriod.objects.filter(pk=period.pk, removed_at=None).update(removed_at=timezone.now())
    return period


@transaction.atomic
def restore(*, period: UniversityPeriod) -> UniversityPeriod:
    UniversityPeriod.objects.filter(pk=period.pk).update(removed_at=None)
    return period
