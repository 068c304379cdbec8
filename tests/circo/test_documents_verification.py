"""What was issued, checked by whoever holds its code, and by nobody else."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from circo.documents import actions, batches, rules
from circo.documents.letters import RecordingConsent
from circo.errors import Refusal
from circo.logs import SECRET
from circo.models import IssuedDocument
from tests.circo.test_documents_engine import FORM
from tests.documents import elements, faults, text_of

UNKNOWN = "0" * 28


@pytest.fixture
def issued(world) -> IssuedDocument:
    return actions.issue(
        kind="Attestation de présence",
        recipient="Amina Petit",
        subject="Journée des partages du 17 novembre 2026",
        by=world.secretary,
        district=world.here.district,
        person=world.amina,
    )


def page(client, code) -> str:
    return client.get(reverse("documents:verify_document", args=[code])).text


def test_whoever_holds_the_code_sees_what_the_paper_says_and_no_more(client, issued, world):
    answer = client.get(reverse("documents:verify_document", args=[issued.code]))
    assert answer.status_code == 200
    for shown in (
        "authentique",
        "Attestation de présence",
        "Amina Petit",
        "Journée des partages",
        "Éducation nationale",
    ):
        assert shown in answer.text
    for hidden in (world.amina.email, world.secretary.email, "Secretary", world.here.district.name, "Retirer"):
        assert hidden not in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_the_code_may_be_typed_as_one_reads_it(client, issued):
    typed = f"  {rules.grouped(issued.code).lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} "
    answer = client.post(reverse("documents:verify"), {"code": typed}, follow=True)
    assert "authentique" in answer.text


@pytest.mark.parametrize("typed", ["", "   ", "ABCD", "U" * 28, "é" * 28, "A" * 80, "<script>", "\x00" * 28])
def test_what_is_no_code_is_said_beside_the_field(client, typed, db):
    answer = client.post(reverse("documents:verify"), {"code": typed})
    assert answer.status_code == 422
    assert "field--bad" in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize("code", [UNKNOWN, "court", "x" * 300, "é"])
def test_an_unknown_code_is_told_plainly(client, code, issued):
    answer = client.get(reverse("documents:verify_document", args=[code]))
    assert answer.status_code == 404
    assert "Nous ne connaissons pas ce code" in answer.text
    assert f'value="{code[:80]}"' in answer.text, "nothing typed is lost"
    assert "Amina" not in answer.text


def test_a_withdrawn_document_is_no_longer_valid_and_can_come_back(client, sign_in, issued, world):
    office = sign_in(world.secretary)
    assert "Retirer ce document" in page(office, issued.code)
    office.post(reverse("documents:document_withdraw", args=[issued.pk]))
    office.logout()
    assert "a été retiré" in page(client, issued.code)
    assert "authentique" not in page(client, issued.code)
    office = sign_in(world.secretary)
    office.post(reverse("documents:document_restore", args=[issued.pk]))
    assert "authentique" in page(office, issued.code)


@pytest.mark.parametrize("name", ["amina", "adviser", "secretary_there", "inspector_there"])
def test_only_who_issues_withdraws(issued, world, sign_in, name):
    client = sign_in(world.people[name])
    assert "Retirer" not in page(client, issued.code)
    assert client.post(reverse("documents:document_withdraw", args=[issued.pk])).status_code == 404
    for verb in (actions.withdraw, actions.restore):
        with pytest.raises(Refusal):
            verb(document=issued, by=world.people[name])
    issued.refresh_from_db()
    assert issued.withdrawn_at is None


def test_withdrawing_twice_keeps_the_first_instant(issued, world):
    first = actions.withdraw(document=issued, by=world.inspector).withdrawn_at
    assert actions.withdraw(document=issued, by=world.secretary).withdrawn_at == first


def test_a_document_past_its_date_says_so(client, issued):
    today = timezone.localdate()
    IssuedDocument.objects.update(valid_until=today)
    assert "authentique" in page(client, issued.code)
    IssuedDocument.objects.update(valid_until=today - timedelta(days=1))
    assert "n’est plus valable" in page(client, issued.code)


def test_a_visitor_who_tries_many_codes_has_to_wait(client, issued, world, sign_in):
    url = reverse("documents:verify_document", args=[UNKNOWN])
    assert {client.get(url).status_code for _ in range(30)} == {404}
    assert client.get(url).status_code == 429
    assert client.post(reverse("documents:verify"), {"code": UNKNOWN}).status_code == 429
    assert client.get(reverse("documents:verify_document", args=[issued.code])).status_code == 429
    assert sign_in(world.amina).get(url).status_code == 404, "somebody who is signed in is known anyway"


def test_reading_costs_no_write_but_the_counter(client, issued, django_assert_num_queries, world, sign_in):
    signed = sign_in(world.amina)
    page(signed, issued.code)
    with django_assert_num_queries(6):
        page(signed, issued.code)


def test_codes_are_long_and_never_the_same(world):
    codes = {actions.issue(kind="x", recipient="y", subject="z", by=world.secretary).code for _ in range(50)}
    assert len(codes) == 50
    assert rules.CODE_LENGTH * 5 >= 128
    assert len(set("".join(codes))) == 32, "every letter serves"


@given(st.text(alphabet=rules.CODE_LETTERS, min_size=28, max_size=28))
def test_a_printed_code_reads_back(code):
    assert rules.code_of(rules.grouped(code)) == code
    assert rules.code_of(f" {rules.grouped(code).lower()}\n") == code


@given(st.text())
def test_any_text_is_a_code_or_none(text):
    code = rules.code_of(text)
    assert code is None or rules.code_of(code) == code


def test_the_log_never_holds_a_code():
    line = f"Not Found: /verifier/{rules.grouped('7' * 28)}/"
    assert SECRET.sub("…", line) == "Not Found: /verifier/…/"


def test_a_letter_prints_its_code_its_address_and_a_square_to_scan(issued, settings):
    pdf = RecordingConsent(**FORM, code=issued.code).pdf()
    text = text_of(pdf)
    assert rules.grouped(issued.code) in text
    assert f"{settings.SITE_URL.split('://')[1]}/verifier/" in text
    assert faults(pdf) == []
    assert any("vérification" in alt for _, _, alt in elements(pdf))
    assert f"/verifier/{rules.grouped(issued.code)}/".encode() in pdf, "the address is a link"


def test_documents_are_forgotten_in_the_end(issued, world):
    today = timezone.localdate()
    IssuedDocument.objects.update(issued_on=today.replace(year=today.year - 5, day=min(today.day, 28)))
    batches.purge()
    assert IssuedDocument.objects.exists()
    IssuedDocument.objects.update(issued_on=date(today.year - 6, 1, 1))
    batches.purge()
    assert not IssuedDocument.objects.exists()
