"""Who sees a film: the same set as `Film.objects.visible_to`, read from the other side."""

from __future__ import annotations

from django.db.models import Exists, Q, QuerySet
from django.utils import timezone

from circo.access import ROLE_PERMISSIONS, Permission
from circo.models import Person, Posting
from networks.models import Membership, MutualisationGroup
from videos.consents.rules import Audience
from videos.models import Film, RecordingProject

WATCHERS = [role for role, given in ROLE_PERMISSIONS.items() if Permission.WATCH_FILMS in given]


def circle(film: Film) -> QuerySet[Person]:
    """Those who see this film today beside its author: nobody, as long as its record is not complete."""
    return future_circle(film).filter(Exists(Film.objects.filter(pk=film.pk).shared().order_by()))


def future_circle(film: Film) -> QuerySet[Person]:
    """Those who will see this film once it is ready and its record complete."""
    if film.audience == Audience.PRIVATE:
        return Person.objects.none()
    inside = Q(pk__in=_members(film)) | Q(pk__in=_advisers(film))
    if film.audience >= Audience.DISTRICT:
        inside |= Q(pk__in=_posted_in(film).filter(role__in=WATCHERS).values("person_id"))
    posted = Posting.objects.in_force(timezone.localdate()).order_by().values("person_id")
    people = Person.objects.filter(inside, pk__in=posted, is_active=True, is_superuser=False)
    return people.exclude(pk=film.author_id)


def _groups(film: Film) -> Q:
    if film.audience >= Audience.NETWORK:
        return Q(network_id=film.group.network_id)
    return Q(pk=film.group_id)


def _members(film: Film) -> QuerySet:
    groups = MutualisationGroup.objects.filter(_groups(film)).order_by().values("pk")
    return Membership.objects.in_force().filter(group__in=groups).order_by().values("person_id")


def _advisers(film: Film) -> QuerySet:
    """Who animates a group is of its circle as long as a role holds that person in the district."""
    groups = MutualisationGroup.objects.filter(_groups(film), adviser__isnull=False)
    here = _posted_in(film).values("person_id")
    return groups.filter(adviser__in=here).order_by().values("adviser_id")


def _posted_in(film: Film) -> QuerySet[Posting]:
    """The postings of today that reach the film's district."""
    district = film.group.network.district
    reach = Q(school__district=district) | Q(district=district) | Q(departement=district.departement_id)
    return Posting.objects.in_force(timezone.localdate()).filter(reach).order_by()


def covers(project: RecordingProject, group: MutualisationGroup) -> bool:
    """Tell whether the families of a project were told of that group, or of a circle that holds it."""
    told, network = project.group, group.network
    return (
        group == told
        or (project.audience >= Audience.NETWORK and network == told.network)
        or (project.audience >= Audience.DISTRICT and network.district_id == told.network.district_id)
    )
