"""What the pages of meetings share: which one, as far as one may open it, and the way back to it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from networks.meetings import queries
from networks.models import Meeting, MutualisationGroup


def opened(request: HttpRequest, pk: int) -> Meeting:
    """The meeting, if this person may open its page.

    Raises: Http404 else.
    """
    return get_object_or_404(queries.meetings(request.user), pk=pk)


def led(request: HttpRequest, pk: int) -> Meeting:
    """The meeting, if this person organises it.

    Raises: Http404 else.
    """
    return get_object_or_404(queries.meetings(request.user).filter(is_led=True), pk=pk)


def attended(request: HttpRequest, pk: int) -> Meeting:
    """The meeting, if it is of one's circle.

    Raises: Http404 else.
    """
    return get_object_or_404(queries.attended_meetings(request.user), pk=pk)


def called(request: HttpRequest, group_pk: int) -> MutualisationGroup:
    """The group, if this person may call it to a meeting.

    Raises: Http404 else.
    """
    return get_object_or_404(queries.groups_to_meet(request.user), pk=group_pk)


def to_meeting(meeting_id: int, done: str = "", place: str = "") -> HttpResponse:
    query = {"fait": done} if done else {}
    return redirect(reverse("networks:meeting_page", args=[meeting_id], query=query) + (f"#{place}" if place else ""))


def parents_of(group: MutualisationGroup, meeting: Meeting | None = None) -> list[tuple[str, str]]:
    found = [
        ("Groupes", reverse("networks:group_list")),
        (group.name, reverse("networks:group_page", args=[group.pk])),
        ("Rencontres", reverse("networks:meeting_list", args=[group.pk])),
    ]
    if meeting is not None:
        found.append((meeting.title, reverse("networks:meeting_page", args=[meeting.pk])))
    return found
