"""The certificate of a finished path, under a code that anybody may check."""

from __future__ import annotations

from django.utils import timezone

from circo.documents import actions as documents
from circo.documents.letters import PathCertificate, Sender
from circo.documents.rules import day, duration
from circo.hours.queries import district_on
from circo.models import District, HourEntry, IssuedDocument, Person
from trainings.models import Enrolment

KIND = "Attestation de formation"
MODE = "à distance, à son rythme"


def issue(enrolment: Enrolment, by: Person) -> IssuedDocument:
    """Write down that a path was finished, under a code."""
    district_id = district_on(enrolment.person, timezone.localdate()) or 0
    return documents.issue(
        kind=KIND,
        recipient=str(enrolment.person),
        subject=enrolment.version.title,
        by=by,
        person=enrolment.person,
        district=District.objects.filter(pk=district_id).first(),
    )


def certificate(enrolment: Enrolment, issued: IssuedDocument, entry: HourEntry | None) -> PathCertificate:
    """The letter of a finished path. `entry`: the hours that it gave, as they stand now."""
    version, done = enrolment.version, enrolment.credited_minutes
    begun, over = timezone.localdate(enrolment.started_at), issued.issued_on
    return PathCertificate(
        name=str(enrolment.person),
        subject=version.title,
        held_on=f"le {day(over)}" if begun == over else f"du {day(begun)} au {day(over)}",
        hours=duration(done) if done else "modules déjà connus, montrés par leurs questions",
        objectives=tuple(module.aim.rstrip(" .") for module in version.modules.all() if module.aim),
        mode=MODE,
        hours_of_18=f"{duration(entry.minutes)}, {entry.get_state_display()}" if entry else "",
        result="parcours terminé",
        sender=Sender(subline=issued.district.name) if issued.district else None,
        written_on=issued.issued_on,
        code=issued.code,
    )
