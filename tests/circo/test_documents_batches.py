"""Batches of letters: made by a worker, seen by whoever asked, gone after a week."""

import io
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from circo import jobs
from circo.documents import actions, batches, engine, rules
from circo.documents.letters import RecordingConsent
from circo.errors import Refusal
from circo.models import BatchState, Job, JobState, LetterBatch, Notice
from tests.circo.test_documents_engine import FORM
from tests.documents import faults, feet, opened, text_of

TITLE = "Formulaires : CE1"


def forms(count: int) -> list[RecordingConsent]:
    return [RecordingConsent(**FORM | {"pupil": f"É. {number}"}) for number in range(count)]


@pytest.fixture
def batch(world) -> LetterBatch:
    return actions.start_batch(title=TITLE, letters=forms(3), by=world.secretary)


def work() -> None:
    jobs.run(Job.objects.get(kind=batches.KIND).pk)


def stored() -> list[str]:
    folders = default_storage.listdir("documents")[0] if default_storage.exists("documents") else []
    return [name for folder in folders for name in default_storage.listdir(f"documents/{folder}")[1]]


def test_a_batch_becomes_one_file_to_print_and_one_per_person(batch, world, sign_in):
    work()
    batch.refresh_from_db()
    assert (batch.state, batch.letters) == (BatchState.READY, [])
    client = sign_in(world.secretary)
    pdf = client.get(reverse("documents:batch_download", args=[batch.pk, "pdf"]))
    assert pdf.headers["Content-Disposition"].startswith('attachment; filename="courriers-20')
    assert pdf.headers["Cache-Control"] == "private, no-store"
    assert faults(pdf.content) == []
    text = text_of(pdf.content)
    assert [text.count(f"(É. {number})") for number in range(3)] == [1, 1, 1]
    assert len(opened(pdf.content).pages) == 6
    assert str(opened(pdf.content).docinfo.Title) == "Formulaires\u00a0: CE1"
    answer = client.get(reverse("documents:batch_download", args=[batch.pk, "zip"]))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == ["001-e-0.pdf", "002-e-1.pdf", "003-e-2.pdf"]
        assert all(faults(archive.read(name)) == [] for name in archive.namelist())
        assert "(É. 1)" in text_of(archive.read("002-e-1.pdf"))


def test_each_letter_of_the_file_counts_its_own_pages(batch):
    work()
    batch.refresh_from_db()
    with default_storage.open(batch.pdf) as file:
        assert [foot[-10:] for foot in feet(file.read())] == ["page 1 / 2", "page 2 / 2"] * 3


def test_whoever_asked_is_told_and_the_notice_leads_there(batch, world):
    work()
    notice = Notice.objects.get()
    assert (notice.person, notice.path) == (world.secretary, reverse("documents:batch_page", args=[batch.pk]))
    assert "É." not in notice.title + notice.text


def test_the_page_follows_the_work(batch, world, sign_in):
    client, url = sign_in(world.secretary), reverse("documents:batch_page", args=[batch.pk])
    assert "En attente" in client.get(url).text
    Job.objects.update(state=JobState.RUNNING, progress=0.42, lease_until=timezone.now())
    part = client.get(url, headers={"HX-Request": "true"}).text
    assert "42 %" in part
    assert f'data-hx-get="{url}"' in part
    Job.objects.update(state=JobState.QUEUED, lease_until=None)
    work()
    done = client.get(url).text
    assert "Vos courriers sont prêts" in done
    assert "data-hx-trigger" not in done


def test_nobody_else_sees_it_not_even_the_administrator(batch, world, sign_in):
    work()
    for name in ("inspector", "superuser", "amina", "secretary_there"):
        client = sign_in(world.people[name])
        assert client.get(reverse("documents:batch_page", args=[batch.pk])).status_code == 404
        assert client.get(reverse("documents:batch_download", args=[batch.pk, "pdf"])).status_code == 404
        assert client.post(reverse("documents:batch_forget", args=[batch.pk])).status_code == 404
        assert TITLE not in client.get(reverse("documents:batch_list")).text
    assert LetterBatch.objects.exists()


def test_no_other_form_and_no_missing_file_is_served(batch, world, sign_in):
    client = sign_in(world.secretary)
    assert client.get(reverse("documents:batch_download", args=[batch.pk, "pdf"])).status_code == 404
    work()
    assert client.get(reverse("documents:batch_download", args=[batch.pk, "exe"])).status_code == 404
    batch.refresh_from_db()
    default_storage.delete(batch.pdf)
    assert client.get(reverse("documents:batch_download", args=[batch.pk, "pdf"])).status_code == 404


def test_a_failure_says_why_and_can_be_tried_again(batch, world, sign_in, monkeypatch):
    def breaks(*args, **kwargs):
        raise Refusal("Il y a trop de texte.")

    with monkeypatch.context() as patch:
        patch.setattr(engine, "render", breaks)
        work()
    client = sign_in(world.secretary)
    page = client.get(reverse("documents:batch_page", args=[batch.pk])).text
    assert "Il y a trop de texte." in page
    answer = client.post(reverse("documents:batch_retry", args=[batch.pk]), follow=True)
    assert "En attente" in answer.text
    work()
    batch.refresh_from_db()
    assert batch.state == BatchState.READY
    answer = client.post(reverse("documents:batch_retry", args=[batch.pk]), follow=True)
    assert "ne sont pas à refaire" in answer.text


def test_a_worker_that_lost_its_lease_publishes_nothing(batch, monkeypatch):
    render_all = engine.render_all

    def robbed(*args, **kwargs):
        Job.objects.update(epoch=99)
        return render_all(*args, **kwargs)

    monkeypatch.setattr(engine, "render_all", robbed)
    work()
    batch.refresh_from_db()
    assert batch.state == BatchState.MAKING
    assert batch.letters
    assert not Notice.objects.exists()


def test_effaced_at_once_leaves_nothing(batch, world, sign_in, django_capture_on_commit_callbacks):
    work()
    assert len(stored()) == 2
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(world.secretary).post(reverse("documents:batch_forget", args=[batch.pk]))
    assert (stored(), LetterBatch.objects.count(), Job.objects.count()) == ([], 0, 0)


def test_after_a_week_nothing_is_left_not_even_an_orphan(batch, world, django_capture_on_commit_callbacks):
    work()
    default_storage.save("documents/11111111-1111-1111-1111-111111111111/1.pdf", ContentFile(b"orphan"))
    with django_capture_on_commit_callbacks(execute=True):
        batches.purge()
    assert len(stored()) == 2, "only the orphan is gone"
    fresh = actions.start_batch(title=TITLE, letters=forms(1), by=world.secretary)
    LetterBatch.objects.filter(pk=fresh.pk).update(asked_at=timezone.now() + timedelta(days=7))
    later = timezone.now() + batches.KEPT + timedelta(hours=1)
    with time_machine.travel(later), django_capture_on_commit_callbacks(execute=True):
        batches.purge()
        batches.purge()
    assert stored() == []
    assert list(LetterBatch.objects.all()) == [fresh]


@pytest.mark.parametrize(
    ("letters", "reason"),
    [
        (lambda: [], "aucun courrier"),
        (lambda: forms(1) * (rules.LETTERS_MAX + 1), "au plus 1000"),
        (lambda: [RecordingConsent(**FORM | {"purpose": "x" * 900_000})] * 6, "trop longs"),
    ],
)
def test_what_is_no_batch_is_refused(world, letters, reason):
    with pytest.raises(Refusal, match=reason):
        actions.start_batch(title=TITLE, letters=letters(), by=world.secretary)


def test_letters_of_two_kinds_are_a_mistake_of_ours(world):
    other = type("Other", (RecordingConsent,), {"template": "other"})
    with pytest.raises(ValueError, match="several kinds"):
        actions.start_batch(title=TITLE, letters=[*forms(1), other(**FORM)], by=world.secretary)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_batches(world, sign_in, count, django_assert_num_queries):
    for _ in range(count):
        actions.start_batch(title=TITLE, letters=forms(1), by=world.secretary)
    client = sign_in(world.secretary)
    client.get(reverse("documents:batch_list"))
    with django_assert_num_queries(7):
        page = client.get(reverse("documents:batch_list")).text
    assert page.count("<article") == count


def test_an_empty_list_says_what_will_be_there(world, sign_in):
    assert "Aucun courrier" in sign_in(world.amina).get(reverse("documents:batch_list")).text
