"""What learners who agreed to it did is told to a store, under a number, by a worker that tries again."""

from __future__ import annotations

import base64
import json
import threading
import uuid
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from circo import jobs
from circo.models import Job, JobState
from tests.trainings.learners import learner, module_of, path_of, question_of, step_of
from tests.videos.films import film_of
from trainings.learning import actions
from trainings.models import WatchedExcerpt
from trainings.paths.rules import StepKind
from trainings.watching.rules import union
from trainings.xapi import passing, rules

LATER = timedelta(minutes=5)
VIDEO = "https://w3id.org/xapi/video"


class Store(ThreadingHTTPServer):
    """A store as xAPI 1.0.3 says: whole batches or nothing, a number once, who is not known out."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.kept: dict[str, dict] = {}
        self.asked = self.down = 0


class _Handler(BaseHTTPRequestHandler):
    server: Store

    def do_POST(self) -> None:
        self.server.asked += 1
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = "Basic " + base64.b64encode(b"clef:secret").decode()
        if self.server.down:
            self.server.down -= 1
            self.send_error(503)
        elif self.headers["Authorization"] != known:
            self.send_error(401)
        elif self.path != "/xapi/statements" or self.headers["X-Experience-API-Version"] != "1.0.3":
            self.send_error(400)
        elif faults := [fault for one in body for fault in faults_of(one)]:
            self.send_error(400, faults[0])
        elif any(self.server.kept.get(one["id"], one) != one for one in body):
            self.send_error(409)
        else:
            self.server.kept |= {one["id"]: one for one in body}
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"[]")

    def log_message(self, *args: object) -> None:
        """Tests are quiet."""


def faults_of(statement: dict) -> list[str]:
    """What a store refuses of a statement."""
    found = []
    if set(statement) - {"id", "actor", "verb", "object", "result", "context", "timestamp", "version"}:
        found.append("unknown property")
    if str(uuid.UUID(statement["id"])) != statement["id"]:
        found.append("id")
    actor = statement["actor"]
    if set(actor) != {"objectType", "account"} or set(actor["account"]) != {"homePage", "name"}:
        found.append("actor")
    if not all(one.startswith("http") for one in (statement["verb"]["id"], statement["object"]["id"])):
        found.append("no IRI")
    if datetime.fromisoformat(statement["timestamp"]).tzinfo is None:
        found.append("timestamp")
    if not -1 <= statement["result"].get("score", {}).get("scaled", 0) <= 1:
        found.append("score")
    return found


@pytest.fixture
def store(settings):
    server = Store()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.XAPI_ENDPOINT = f"http://127.0.0.1:{server.server_port}/xapi/"
    settings.XAPI_KEY, settings.XAPI_SECRET, settings.XAPI_NAME = "clef", "secret", "Traces 61"
    settings.CALLED_PRIVATE_HOSTS = ["127.0.0.1"]
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def version(world):
    return path_of(world.here.district, "Lire des histoires")


@pytest.fixture
def taken(world, version):
    module = module_of(version, "Choisir un livre")
    watch = step_of(module, StepKind.WATCH, "Regarder")
    film = film_of(world.amina, world.here.group, title="Le film de Bruno", duration_s=600)
    watch.excerpts.create(rank=1, film=film, title="Le silence", in_s=10, out_s=70)
    quiz = step_of(module, StepKind.QUIZ, "Des questions")
    question_of(quiz, "Lequel ?")
    step_of(module, title="Trois critères", text="Lisez.")
    return learner(world.amina, version)


def agree(client, taken, **fields: str):
    typed = {"goals": "Oser", "weekly_minutes": "", "reminder_day": ""} | fields
    return client.post(reverse("trainings:wishes_save", args=[taken.path_id]), typed)


def act(taken, *, seconds: float) -> None:
    """Read the text, answer, watch so many seconds."""
    steps = {one.kind: one for one in taken.version.modules.get().steps.all()}
    actions.read(enrolment=taken, step=steps["READING"], by=taken.person)
    quiz = steps["QUIZ"]
    actions.answer(enrolment=taken, step=quiz, answers={quiz.questions.get().pk: ["1"]}, by=taken.person)
    excerpt = steps["WATCH"].excerpts.get()
    stretches = [[10_000, 10_000 + round(seconds * 1000)]]
    WatchedExcerpt.objects.update_or_create(
        enrolment=taken,
        excerpt=excerpt,
        defaults={
            "stretches": stretches,
            "seconds": seconds,
            "position_s": 10 + seconds,
            "beat_at": timezone.now(),
        },
    )


def tell() -> int:
    """What the clock and the workers do some minutes later."""
    with time_machine.travel(timezone.now() + LATER):
        asked = passing.ask()
        for pk in Job.objects.filter(kind=passing.KIND).values_list("pk", flat=True):
            Job.objects.filter(pk=pk).update(not_before=None)
            jobs.run(pk)
    return asked


def test_what_one_did_is_told_once_one_agreed(world, sign_in, taken, store):
    client = sign_in(world.amina)
    page = client.get(reverse("trainings:wishes", args=[taken.path_id])).content.decode()
    assert "Transmettre mon avancement à Traces 61" in page
    act(taken, seconds=20)
    assert tell() == 0  # nobody agreed
    with time_machine.travel(timezone.now() + 2 * LATER):
        assert agree(client, taken, passes_on="on").status_code == 302
        assert tell() == 0  # nothing of before
    with time_machine.travel(timezone.now() + 4 * LATER):
        act(taken, seconds=45)
        assert tell() == 1
        assert tell() == 0
    assert store.asked == 1
    watched = next(one for one in store.kept.values() if one["verb"]["id"] == f"{VIDEO}/verbs/paused")
    assert watched["result"]["extensions"] == {
        f"{VIDEO}/extensions/time": 45.0,
        f"{VIDEO}/extensions/progress": 0.75,
        f"{VIDEO}/extensions/played-segments": "0[.]45",
    }
    assert watched["object"]["definition"]["name"] == {"fr": "Le silence"}
    whole = json.dumps(list(store.kept.values()), ensure_ascii=False)
    for private in (world.amina.email, world.amina.last_name, "Bruno", "Oser"):
        assert private not in whole
    with time_machine.travel(timezone.now() + 6 * LATER):
        agree(client, taken)
        act(taken, seconds=60)
        assert tell() == 0


def test_a_whole_excerpt_its_steps_and_the_path_are_told(world, sign_in, taken, store):
    agree(sign_in(world.amina), taken, passes_on="on")
    with time_machine.travel(timezone.now() + LATER):
        act(taken, seconds=60)
        step = taken.version.modules.get().steps.get(kind=StepKind.WATCH)
        actions.confirm(enrolment=taken, step=step, by=world.amina)
        assert tell() == 1
    told = {one["object"]["definition"]["name"]["fr"]: one for one in store.kept.values()}
    assert set(told) == {"Le silence", "Regarder", "Des questions", "Trois critères", "Lire des histoires"}
    assert {one["verb"]["id"] for one in told.values()} == {rules.COMPLETED}
    assert told["Des questions"]["result"] == {"completion": True, "success": True, "score": {"scaled": 1.0}}
    assert len({one["actor"]["account"]["name"] for one in told.values()}) == 1


def test_a_store_that_is_away_is_told_later_and_once(world, sign_in, taken, store):
    agree(sign_in(world.amina), taken, passes_on="on")
    with time_machine.travel(timezone.now() + LATER):
        act(taken, seconds=20)
        store.down = 1
        assert tell() == 1
        assert Job.objects.get(kind=passing.KIND).state == JobState.QUEUED
        assert not store.kept
        taken.refresh_from_db()
        before = taken.passed_on_at
        assert tell() == 1
        taken.refresh_from_db()
        assert taken.passed_on_at > before
        kept = dict(store.kept)
        taken.passed_on_at = before  # as if the answer had been lost
        taken.save()
        assert tell() == 1
    assert store.kept == kept
    assert kept


def test_without_a_store_nothing_is_asked_nor_sent(world, sign_in, taken, settings):
    assert not settings.XAPI_ENDPOINT
    page = sign_in(world.amina).get(reverse("trainings:wishes", args=[taken.path_id])).content.decode()
    assert "Transmettre" not in page
    agree(sign_in(world.amina), taken, passes_on="on")
    taken.refresh_from_db()
    assert not taken.passes_on
    act(taken, seconds=20)
    assert tell() == 0


@given(st.lists(st.tuples(st.integers(0, 36_000_000), st.integers(1, 60_000)), max_size=8))
def test_segments_are_read_back_as_they_were(pairs):
    stretches = union((begin, begin + length) for begin, length in pairs)
    written = rules.segments(stretches, 0)
    read = [tuple(round(float(one) * 1000) for one in part.split("[.]")) for part in written.split("[,]") if part]
    assert read == stretches
