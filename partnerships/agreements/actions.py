"""Verbs of yearly agreements: write who signs, move it, note who has signed."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Person
from partnerships.agreements import rules
from partnerships.agreements.rules import MOVES, AgreementState, Verb
from partnerships.models import AgreementSignature, PartnerAgreement

SIGN_WHEN_SENT = "On note les signatures une fois la convention donnée à signer."


def _held(agreement: PartnerAgreement, by: Person) -> PartnerAgreement:
    """Hold the agreement, and read it again: the other side may have changed it."""
    if not PartnerAgreement.objects.editable_by(by).filter(pk=agreement.pk).exists():
        raise Refusal("Cette convention n’est pas, ou plus, de celles que vous tenez.")
    return PartnerAgreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)


def _check_draft(agreement: PartnerAgreement) -> None:
    if agreement.state != AgreementState.DRAFT:
        raise Refusal("Cette convention est donnée à signer\u00a0: reprenez-la d’abord pour la corriger.")


@transaction.atomic
def write(*, agreement: PartnerAgreement, by: Person) -> PartnerAgreement:
    """Save the text of an agreement, new or still in preparation.

    Raises: Refusal if it is no longer in preparation, or if another hand has just written that of this year.
    """
    if agreement.pk is not None:
        _check_draft(_held(agreement, by))
    try:
        with transaction.atomic():
            agreement.save()
    except IntegrityError as error:
        raise Refusal("Une convention vient d’être écrite pour cette année\u00a0: complétez celle-là.") from error
    return agreement


@transaction.atomic
def add_signatory(*, agreement: PartnerAgreement, capacity: str, name: str, by: Person) -> AgreementSignature:
    """Write who will sign.

    Raises: Refusal if the agreement is no longer in preparation, or has as many as it can.
    """
    held = _held(agreement, by)
    _check_draft(held)
    if held.signatures.count() >= rules.SIGNATORIES_MAX:
        raise Refusal(f"Une convention a au plus {rules.SIGNATORIES_MAX}\u00a0signataires.")
    return held.signatures.create(capacity=capacity.strip(), name=name.strip())


@transaction.atomic
def remove_signatory(*, signature: AgreementSignature, by: Person) -> None:
    """Take somebody off who was to sign.

    Raises: Refusal if the agreement is no longer in preparation.
    """
    held = _held(signature.agreement, by)
    _check_draft(held)
    held.signatures.filter(pk=signature.pk).delete()


@transaction.atomic
def move(*, agreement: PartnerAgreement, verb: Verb, by: Person, reason: str = "") -> PartnerAgreement:
    """Move an agreement: give it to sign, correct it, end it, take it up again.

    To correct a text takes back the signatures that it had.
    Raises: Refusal if its state does not have this verb, or if nobody is to sign.
    """
    held = _held(agreement, by)
    held.state = MOVES[verb].check(held.state)
    if verb is Verb.SEND and not held.signatures.exists():
        raise Refusal("Écrivez d’abord qui signe.")
    if verb is Verb.REOPEN:
        held.signatures.update(signed_on=None)
    held.end_reason = reason.strip() if verb is Verb.END else ""
    if verb is Verb.RESUME and not held.signatures.filter(signed_on=None).exists():
        held.state = AgreementState.SIGNED
    held.save()
    return held


@transaction.atomic
def sign(*, signature: AgreementSignature, signed_on: date | None, by: Person) -> PartnerAgreement:
    """Note the day on which somebody signed; None takes it back. When all have signed, the agreement is signed.

    Raises: Refusal if the agreement is not given to sign, or for a day to come.
    """
    held = _held(signature.agreement, by)
    if held.state not in (AgreementState.SENT, AgreementState.SIGNED):
        raise Refusal(SIGN_WHEN_SENT)
    if signed_on is not None and signed_on > timezone.localdate():
        raise Refusal("Ce jour n’est pas encore venu.")
    held.signatures.filter(pk=signature.pk).update(signed_on=signed_on)
    missing = held.signatures.filter(signed_on=None).exists()
    held.state = AgreementState.SENT if missing else AgreementState.SIGNED
    held.save()
    return held
