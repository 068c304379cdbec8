"""The yearly agreement: who writes it, who signs, and every move that its state forbids."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from circo.errors import Refusal
from partnerships.agreements import actions
from partnerships.agreements.rules import MOVES, AgreementState, Verb
from partnerships.models import PartnerAgreement
from tests.partnerships.partner import agreement_of


def test_an_agreement_goes_from_its_text_to_its_last_signature(world, sign_in):
    client = sign_in(world.partner_coordinator)
    new = client.get(reverse("partnerships:agreement_new", args=[world.here.institution.pk]))
    typed = {name: new.context["form"][name].value() for name in ("school_year", "starts_on", "ends_on")}
    typed |= {"departement": world.here.departement.pk, "terms": "Douze semaines."}
    client.post(reverse("partnerships:agreement_create", args=[world.here.institution.pk]), typed)
    agreement = PartnerAgreement.objects.get()
    page, move = (reverse(f"partnerships:agreement_{name}", args=[agreement.pk]) for name in ("page", "move"))
    answer = client.post(move, {"verbe": "SEND"}, follow=True)
    assert "Écrivez d’abord qui signe" in answer.content.decode()
    for capacity in ("Présidente de l’université", "DASEN"):
        client.post(reverse("partnerships:signatory_add", args=[agreement.pk]), {"capacity": capacity})
    client.post(move, {"verbe": "SEND"})
    today = timezone.localdate()
    for signature in agreement.signatures.all():
        client.post(reverse("partnerships:signature_write", args=[signature.pk]), {"signed_on": f"{today}"})
    agreement.refresh_from_db()
    assert agreement.state == AgreementState.SIGNED
    client = sign_in(world.inspector)  # the teams of the département read it
    assert "Signée" in client.get(page).content.decode()
    assert "Signée" in client.get(reverse("partnerships:agreement_list")).content.decode()
    client = sign_in(world.departement)  # and its direction writes it too
    client.post(reverse("partnerships:signature_write", args=[signature.pk]), {"retirer": "1"})
    agreement.refresh_from_db()
    assert agreement.state == AgreementState.SENT


@pytest.mark.parametrize("state", list(AgreementState))
@pytest.mark.parametrize("verb", list(Verb))
def test_each_state_has_the_moves_of_the_table_and_no_other(world, state, verb):
    agreement = agreement_of(world.here, state=state)
    agreement.signatures.create(capacity="DASEN")
    if state in MOVES[verb].sources:
        assert actions.move(agreement=agreement, verb=verb, by=world.departement).state == MOVES[verb].target
        return
    with pytest.raises(Refusal, match=MOVES[verb].refusal[:20]):
        actions.move(agreement=agreement, verb=verb, by=world.departement)
    agreement.refresh_from_db()
    assert agreement.state == state


def test_a_text_given_to_sign_is_not_changed_under_the_pen(world, sign_in):
    agreement = agreement_of(world.here, state=AgreementState.SENT)
    signature = agreement.signatures.create(capacity="DASEN", signed_on=timezone.localdate())
    client = sign_in(world.partner_coordinator)
    form = client.get(reverse("partnerships:agreement_edit", args=[agreement.pk])).context["form"]
    typed = {name: form[name].value() for name in form.fields} | {"terms": "Autre chose."}
    answer = client.post(reverse("partnerships:agreement_update", args=[agreement.pk]), typed)
    assert answer.status_code == 422
    assert "Autre chose." in answer.content.decode()
    with pytest.raises(Refusal, match="reprenez-la"):
        actions.remove_signatory(signature=signature, by=world.partner_coordinator)
    actions.move(agreement=agreement, verb=Verb.REOPEN, by=world.partner_coordinator)
    signature.refresh_from_db()
    assert signature.signed_on is None  # whoever signed had read another text
    assert client.post(reverse("partnerships:agreement_update", args=[agreement.pk]), typed).status_code == 302


def test_nobody_signs_before_the_text_is_given_nor_tomorrow(world):
    agreement = agreement_of(world.here)
    signature = agreement.signatures.create(capacity="DASEN")
    today = timezone.localdate()
    with pytest.raises(Refusal, match="donnée à signer"):
        actions.sign(signature=signature, signed_on=today, by=world.departement)
    actions.move(agreement=agreement, verb=Verb.SEND, by=world.departement)
    with pytest.raises(Refusal, match="pas encore venu"):
        actions.sign(signature=signature, signed_on=today + timedelta(days=1), by=world.departement)


def test_an_agreement_taken_up_again_keeps_its_signatures(world):
    agreement = agreement_of(world.here, state=AgreementState.SIGNED)
    agreement.signatures.create(capacity="DASEN", signed_on=timezone.localdate())
    ended = actions.move(agreement=agreement, verb=Verb.END, by=world.departement, reason="Plus de stage")
    assert (ended.state, ended.end_reason) == (AgreementState.ENDED, "Plus de stage")
    again = actions.move(agreement=agreement, verb=Verb.RESUME, by=world.departement)
    assert (again.state, again.end_reason) == (AgreementState.SIGNED, "")


@pytest.mark.parametrize("reader", ["partner_coordinator_there", "inspector_there", "amina", "student"])
def test_the_other_side_of_the_border_reads_nothing(world, sign_in, reader):
    agreement = agreement_of(world.here)
    url = reverse("partnerships:agreement_page", args=[agreement.pk])
    assert sign_in(world.people[reader]).get(url).status_code == 404


def test_a_second_agreement_of_a_year_is_refused_in_words(world, sign_in):
    agreement = agreement_of(world.here)
    typed = {
        "departement": world.here.departement.pk,
        "school_year": world.year.pk,
        "starts_on": f"{world.year.last_day}",
        "ends_on": f"{world.year.first_day}",
        "terms": "Encore.",
    }
    url = reverse("partnerships:agreement_create", args=[world.here.institution.pk])
    answer = sign_in(world.partner_coordinator).post(url, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "existe déjà" in page
    assert "vient après le premier" in page
    assert "Encore." in page
    assert list(PartnerAgreement.objects.all()) == [agreement]
