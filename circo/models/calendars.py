"""What places change of the published school calendar."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from circo.access import Permission
from circo.calendar.rules import Change, ChangeKind, Half, HalfDay
from circo.models.places import Departement, District, School
from circo.rules import HALF_WORDS

if TYPE_CHECKING:
    from circo.access import Anyone

LONGEST = timedelta(days=366)  # beyond, it is a typing mistake
HALVES = [(half, word) for half, word in HALF_WORDS.items()]
_PLACES = ("school", "district", "departement")  # the narrowest first


def _one_place() -> Q:
    condition = Q()
    for place in _PLACES:
        condition |= Q(**{f"{name}__isnull": name != place for name in _PLACES})
    return condition


class CalendarChangeQuerySet(models.QuerySet["CalendarChange"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the places in which one works, or that one oversees."""
        reach = person.reach()
        districts = Q(district_id__in=reach.district_ids) | Q(school__district_id__in=reach.district_ids)
        return self.filter(districts | Q(departement_id__in=reach.departement_ids))

    def editable_by(self, person: Anyone) -> Self:
        """Those of the districts that one runs, and those of the département for whoever oversees it."""
        reach = person.reach()
        run = district_ids_run_by(person)
        whole = Q(departement_id__in=reach.departement_ids_for(Permission.OVERSEE_DEPARTEMENT))
        return self.filter(whole | Q(district_id__in=run) | Q(school__district_id__in=run))


def district_ids_run_by(person: Anyone) -> frozenset[int]:
    """The districts whose calendar one may change."""
    reach = person.reach()
    overseen = reach.district_ids_for(Permission.OVERSEE_DEPARTEMENT)
    return reach.district_ids_for(Permission.MANAGE_PLACES) | overseen


class CalendarChange(models.Model):
    """A closure (snow, bridge, works), or school out of the ordinary (a worked Wednesday), of a place for a while."""

    departement = models.ForeignKey(
        Departement, models.CASCADE, null=True, blank=True, verbose_name="tout le département"
    )
    district = models.ForeignKey(
        District, models.CASCADE, null=True, blank=True, verbose_name="toute la circonscription"
    )
    school = models.ForeignKey(School, models.CASCADE, null=True, blank=True, verbose_name="une école")
    kind = models.CharField(
        "ce qui change",
        max_length=6,
        choices=[
            (ChangeKind.CLOSED.value, "Fermé"),
            (ChangeKind.OPEN.value, "Classe, quel que soit le jour"),
            (ChangeKind.USUAL.value, "Classe, les jours habituels de l’école"),
        ],
        default=ChangeKind.CLOSED.value,
    )
    starts_on = models.DateField("du")
    starts_half = models.CharField("à partir du", max_length=2, choices=HALVES, default="AM")
    ends_on = models.DateField("au")
    ends_half = models.CharField("jusqu’au", max_length=2, choices=HALVES, default="PM", help_text="Compris.")
    reason = models.CharField(
        "raison",
        max_length=120,
        help_text="En quelques mots, lus par tout le monde. Par exemple\u00a0: neige, pont, mercredi travaillé.",
    )

    objects = CalendarChangeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "changement de calendrier"
        verbose_name_plural = "changements de calendrier"
        ordering = ["-starts_on", "-pk"]
        indexes = [models.Index(fields=["starts_on", "ends_on"], name="calendar_change_dates")]
        constraints = [
            models.CheckConstraint(
                condition=_one_place(),
                name="calendar_change_one_place",
                violation_error_message="Choisissez un lieu, et un seul\u00a0: une école, une circonscription ou un "
                "département.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on"))
                | Q(ends_on=F("starts_on")) & (Q(starts_half="AM") | Q(ends_half="PM")),
                name="calendar_change_in_order",
                violation_error_message="La fin vient après le début.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="calendar_change_has_reason",
                violation_error_message="Dites pourquoi, en quelques mots.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason}, le {self.starts_on:%d/%m/%Y}"

    def clean(self) -> None:
        if self.starts_on and self.ends_on and self.ends_on - self.starts_on > LONGEST:
            raise ValidationError({"ends_on": "Un changement dure un an au plus\u00a0: vérifiez les dates."})

    def as_change(self) -> Change:
        """Return it as the rules read it."""
        first = HalfDay(self.starts_on, cast(Half, self.starts_half))
        return Change(ChangeKind(self.kind), first, HalfDay(self.ends_on, cast(Half, self.ends_half)), self.reason)
