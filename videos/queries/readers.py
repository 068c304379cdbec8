"""Who reads a moment: the same set as `Moment.objects.visible_to`, read from the other side."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils import timezone

from circo.models import Person, Posting
from networks.models import Membership, MutualisationGroup
from videos.consents.rules import Audience
from videos.models import Film, Moment, MomentCircle
from videos.queries.circles import circle

WIDTHS = list(MomentCircle)  # the narrowest first
WIDEST = {Audience.NETWORK: MomentCircle.NETWORK, Audience.DISTRICT: MomentCircle.DISTRICT}


def circles_offered(film: Film, person: Person) -> list[MomentCircle]:
    """The circles that a comment of this person may have, the narrowest first: never wider than the film's own."""
    widest = WIDEST.get(Audience(film.audience), MomentCircle.GROUP)
    own = film.author_id == person.pk
    offered = WIDTHS[: WIDTHS.index(widest) + 1]
    return [one for one in offered if not (own and one == MomentCircle.PAIR)]


def readers(film: Film, circle_of: MomentCircle, author_id: int) -> QuerySet[Person]:
    """Those who read what `author_id` writes to this circle of a film, its author and the film's among them."""
    pair = Q(pk__in=[author_id, film.author_id])
    inside = {
        MomentCircle.PRIVATE: Q(pk=author_id),
        MomentCircle.PAIR: pair,
        MomentCircle.GROUP: pair | _in_groups(film, Q(pk=film.group_id)),
        MomentCircle.NETWORK: pair | _in_groups(film, Q(network_id=film.group.network_id)),
        MomentCircle.DISTRICT: pair | _in_groups(film, Q(network_id=film.group.network_id)) | _in_district(film),
    }[circle_of]
    sees = Q(pk=film.author_id) | Q(pk__in=circle(film).order_by().values("pk"))
    return Person.objects.filter(inside, sees, is_active=True)


def _posted_here(film: Film) -> QuerySet[Posting]:
    district = film.group.network.district
    here = Q(school__district=district) | Q(district=district) | Q(departement=district.departement_id)
    return Posting.objects.in_force(timezone.localdate()).filter(here).order_by()


def _in_groups(film: Film, groups: Q) -> Q:
    """Members of this year, and whoever animates a group as long as a role holds that person in the district."""
    chosen = MutualisationGroup.objects.filter(groups).order_by()
    members = Membership.objects.in_force().filter(group__in=chosen.values("pk")).order_by().values("person_id")
    here = _posted_here(film).values("person_id")
    advisers = chosen.filter(adviser__in=here).values("adviser_id")
    return Q(pk__in=members) | Q(pk__in=advisers)


def _in_district(film: Film) -> Q:
    return Q(pk__in=_posted_here(film).values("person_id"))


def readers_of(moment: Moment) -> QuerySet[Person]:
    """Those who read this moment today; `moment` comes with its film, its group and its network."""
    return readers(moment.film, MomentCircle(moment.circle), moment.author_id)


def named(ids: Sequence[int]) -> QuerySet[Person]:
    """These people, by name."""
    return Person.objects.filter(pk__in=ids, is_active=True)
