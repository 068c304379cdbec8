"""Open a salon, change what it says of itself, put it away and take it out again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from circo.access import Permission
from circo.errors import Refusal
from circo.mentions import clean
from circo.models import Departement, District, Person
from networks.models import MutualisationGroup, Network, Salon, SalonOpening
from networks.models.salons import working_in
from networks.salons import rules

NOT_YOURS = "Seules la personne qui a ouvert ce salon et celles qui l’animent le changent."
NOT_HERE = "Vous ne pouvez pas ouvrir de salon à cet endroit."


@dataclass(frozen=True)
class Theme:
    """A theme across districts: where it is talked of."""

    departement: Departement
    districts: Collection[District]


type Place = MutualisationGroup | Network | District | Theme


@transaction.atomic
def open_salon(*, title: str, about: str, place: Place, by: Person) -> Salon:
    """Open a salon: any member for a group, the team that runs the district for what is wider.

    Raises: Refusal if the place is not one where `by` may, has enough salons, or if there is no title.
    """
    if by.salons_opened.filter(archived_at=None).count() >= rules.SALONS_OF_A_PERSON_MAX:
        raise Refusal("Vous avez déjà ouvert beaucoup de salons. Archivez ceux qui ne servent plus.")
    salon = Salon(created_by=by, **_words(title, about), **_checked_place(place, by))
    salon.save()
    if isinstance(place, Theme):
        SalonOpening.objects.bulk_create(SalonOpening(salon=salon, district=one) for one in place.districts)
    return salon


def _words(title: str, about: str) -> dict[str, str]:
    title, about = " ".join(clean(title).split()), " ".join(clean(about).split())
    if not title:
        raise Refusal("Donnez un titre à ce salon.")
    if len(title) > rules.TITLE_MAX or len(about) > rules.ABOUT_MAX:
        raise Refusal(f"Le titre compte au plus {rules.TITLE_MAX} signes, et sa phrase {rules.ABOUT_MAX}.")
    return {"title": title, "about": about}


def _checked_place(place: Place, by: Person) -> dict[str, object]:
    managed = working_in(by, Permission.MANAGE_GROUPS)
    if isinstance(place, MutualisationGroup):
        circle = MutualisationGroup.objects.in_circle_of(by).select_for_update(of=("self",))
        if (group := circle.filter(pk=place.pk).first()) is None:
            raise Refusal(NOT_HERE)
        if group.salons.filter(archived_at=None).count() >= rules.SALONS_OF_A_GROUP_MAX:
            most = rules.SALONS_OF_A_GROUP_MAX
            raise Refusal(
                f"Ce groupe a déjà {most}\u00a0salons ouverts\u00a0: archivez-en un, ou écrivez dans l’un d’eux."
            )
        return {"group": group}
    if isinstance(place, Network) and place.district_id in managed:
        return {"network": place}
    if isinstance(place, District) and place.pk in managed:
        return {"district": place}
    if isinstance(place, Theme):
        of_here = all(one.departement_id == place.departement.pk for one in place.districts)
        if of_here and any(one.pk in managed for one in place.districts):
            return {"departement": place.departement}
        raise Refusal("Un thème s’ouvre à la vôtre et à d’autres circonscriptions du même département.")
    raise Refusal(NOT_HERE)


def _kept_in_order(salon: Salon, by: Person) -> Salon:
    held = Salon.objects.editable_by(by).select_for_update(of=("self",)).filter(pk=salon.pk).first()
    if held is None:
        raise Refusal(NOT_YOURS)
    return held


@transaction.atomic
def change_salon(*, salon: Salon, title: str, about: str, by: Person) -> Salon:
    """Change the title and the sentence of a salon.

    Raises: Refusal if `by` neither opened nor moderates it, or if there is no title.
    """
    held = _kept_in_order(salon, by)
    for name, value in _words(title, about).items():
        setattr(held, name, value)
    held.save(update_fields=["title", "about"])
    return held


def archive_salon(*, salon: Salon, by: Person) -> Salon:
    """Put a salon away: it is read, and nobody writes in it any more. Twice is once.

    Raises: Refusal if `by` neither opened nor moderates it.
    """
    return _put(salon, by, archived=True)


def reopen_salon(*, salon: Salon, by: Person) -> Salon:
    """Take a salon out again.

    Raises: Refusal if `by` neither opened nor moderates it.
    """
    return _put(salon, by, archived=False)


@transaction.atomic
def _put(salon: Salon, by: Person, *, archived: bool) -> Salon:
    held = _kept_in_order(salon, by)
    if archived != (held.archived_at is not None):
        held.archived_at = timezone.now() if archived else None
        held.save(update_fields=["archived_at"])
    return held
