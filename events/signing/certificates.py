"""The certificate of presence of each person who came to a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils import timezone

from circo.documents.letters import AttendanceCertificate
from circo.documents.rules import duration, weekday
from events.convening.letters import sender_of
from events.convening.queries import Line
from events.models import Presence, SharingDay
from events.signing import rules

MODE = "en présence"


def certificates(
    day: SharingDay, lines: Iterable[Line], presences: Mapping[int, Mapping[str, Presence]]
) -> list[AttendanceCertificate]:
    """The certificates of those of these people who have one."""
    sender = sender_of(day)
    found = []
    for line in lines:
        held = line.convocation
        stays = {one.half_day: one.stay for one in presences.get(held.pk, {}).values()}
        if held.certificate is None or not stays:
            continue
        share = rules.attended_share(stays, day.hours)
        credited = day.credited_minutes(day.duration_minutes, share)
        found.append(
            AttendanceCertificate(
                name=str(line.person),
                subject=day.title,
                held_on=f"le {weekday(day.on)}",
                hours=duration(rules.attended_minutes(stays, day.hours)),
                quality=", ".join(filter(None, (line.quality, line.school_name))),
                objectives=(day.theme,) if day.theme else (),
                mode=MODE,
                hours_of_18=duration(credited) if credited else "",
                result="suivie en entier" if share == 1 else "suivie en partie",
                place=", ".join(filter(None, (day.place_words, day.address))),
                reference=day.reference,
                sender=sender,
                written_on=timezone.localdate(),
                code=held.certificate.code,
            )
        )
    return found
