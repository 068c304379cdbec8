"""A path launched from another platform (LTI 1.3): who comes in, what is told back, and what an attacker would try."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from circo import calling, jobs
from circo.errors import Outside, Refusal
from circo.models import Job, JobState, Person
from circo.models.cache import CacheEntry
from tests.trainings.learners import learner, module_of, path_of, step_of
from tests.trainings.lti_platform import (
    CLIENT_ID,
    KEY,
    LEARNER,
    OTHER_KEY,
    SUBJECT,
    Platform,
    mark_of,
    public_jwk,
    public_pem,
)
from trainings.learning import actions as learning
from trainings.lti import actions, keys, launches, passing, queries, rules, tokens
from trainings.lti.rules import CLAIM, DEEP_LINKING, GRADES, Launch, Message, Progress
from trainings.models import Enrolment, LtiCourse, LtiKey, LtiLink, LtiPlatform, LtiResult
from trainings.tasks import mind_platforms

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _private(settings):
    settings.CALLED_PRIVATE_HOSTS = ["127.0.0.1"]


@pytest.fixture
def there():
    made = Platform()
    yield made
    made.stop()


@pytest.fixture
def version(world):
    version = path_of(world.here.district)
    step_of(module_of(version), text="À lire.")
    return version


@pytest.fixture
def row(world, there, version) -> LtiPlatform:
    return there.declare(world.here.departement, version.path)


@pytest.fixture
def linked(world, row) -> LtiLink:
    return LtiLink.objects.create(platform=row, subject=SUBJECT, person=world.amina)


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.WARNING, logger="security")
    return caplog


def arrive(client, there, version, **changes):
    """Launch, and go where that leads."""
    return client.get(there.launch(client, version.path, **changes).url)


def work(kind: str) -> Job:
    """Do what waits, as the worker does."""
    job = Job.objects.get(kind=kind)
    Job.objects.filter(pk=job.pk).update(not_before=None)
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def finish(version, person) -> Enrolment:
    taken = learner(person, version)
    learning.read(enrolment=taken, step=version.modules.get().steps.get(), by=person)
    return taken


# --- The way in -------------------------------------------------------------------------------------------------------
def test_a_teacher_comes_ties_the_two_accounts_and_what_is_finished_is_told(world, client, there, version, row):
    answer = there.launch(client, version.path)
    page = client.get(answer.url)
    assert page.url.startswith(reverse("account_login")), "a launch signs nobody in"
    client.force_login(world.amina)
    page = client.get(answer.url).content.decode()
    assert "Relier mon compte de M@gistère" in page
    assert world.amina.email in page
    assert "Secrète" not in page
    assert not LtiLink.objects.exists(), "reading ties nothing"
    came = client.post(reverse("trainings:lti_link", args=[mark_of(answer)]))
    assert came.url == reverse("trainings:path_show", args=[version.path_id])
    assert LtiLink.objects.get().person == world.amina
    assert arrive(client, there, version).url == came.url, "the next time, straight on"
    finish(version, world.amina)
    assert work(passing.SCORE).state == JobState.DONE
    sent = [json.loads(body) for _, path, _, body in there.calls if path == "/line/scores?type_id=1"]
    assert [(one["userId"], one["activityProgress"], one["scoreGiven"]) for one in sent] == [(SUBJECT, "Completed", 1)]
    assert LtiResult.objects.get().sent == Progress.COMPLETED


def test_a_question_is_what_platforms_accept(client, there, version, row):
    asked = there.question(client, version.path)
    assert asked["redirect_uri"] == launches.launch_address()
    assert (asked["scope"], asked["response_type"], asked["response_mode"]) == ("openid", "id_token", "form_post")
    assert (asked["prompt"], asked["login_hint"], asked["client_id"]) == ("none", "7", CLIENT_ID)
    (cookie,) = (one for name, one in client.cookies.items() if name.startswith("lti-q-"))
    assert (cookie["samesite"], cookie["secure"], cookie["httponly"]) == ("None", True, True)


def test_a_launch_touches_no_session(world, client, there, version, row):
    answer = there.launch(client, version.path)
    assert "session" not in client.cookies
    assert "no-store" in answer["Cache-Control"]
    assert [one for name, one in client.cookies.items() if name.startswith("lti-") and one["samesite"] == "Lax"]


def test_nothing_of_the_person_is_kept_but_the_subject(world, client, there, version, linked):
    client.force_login(world.amina)
    arrive(client, there, version)
    passing.count(LtiCourse.objects.get())
    work(passing.MEMBERS)
    assert LtiCourse.objects.get().members == 1
    kept = [*LtiCourse.objects.values(), *LtiResult.objects.values(), *LtiLink.objects.values()]
    assert "ecrète" not in f"{kept} {list(CacheEntry.objects.values())}"


def test_who_needs_a_second_factor_gives_it(world, there, version, row):
    client = Client()
    world.inspector.authenticator_set.all().delete()
    client.force_login(world.inspector)
    assert arrive(client, there, version).url == reverse("mfa_index")


def test_the_account_of_another_stays_theirs(world, client, there, version, linked):
    client.force_login(world.bruno)
    answer = there.launch(client, version.path)
    assert "relié à quelqu’un d’autre" in client.get(answer.url).content.decode()
    tied = client.post(reverse("trainings:lti_link", args=[mark_of(answer)]))
    assert tied.status_code == 403
    assert LtiLink.objects.get().person == world.amina


def test_one_has_one_account_a_platform(world, client, there, version, linked):
    client.force_login(world.amina)
    answer = there.launch(client, version.path, sub="moodle-43")
    tied = client.post(reverse("trainings:lti_link", args=[mark_of(answer)]))
    assert "déjà relié un autre compte" in tied.content.decode()


def test_a_launch_opens_nothing(world, client, there, version, row):
    """Amina’s colleague of another district ties an account, and sees no more than before."""
    client.force_login(world.denis)
    answer = there.launch(client, version.path)
    came = client.post(reverse("trainings:lti_link", args=[mark_of(answer)]))
    assert "pas ouvert là où vous exercez" in came.content.decode()


def test_a_path_that_was_closed_to_the_platform_is_not_launched(world, client, there, version, row, linked):
    row.paths.clear()
    client.force_login(world.amina)
    assert "pas ouvert à cette plateforme" in arrive(client, there, version).content.decode()


def test_an_account_is_untied_in_the_profile(world, client, there, version, linked):
    client.force_login(world.amina)
    arrive(client, there, version)
    assert "M@gistère" in client.get(reverse("trainings:lti_links")).content.decode()
    client.post(reverse("trainings:lti_unlink", args=[linked.pk]))
    assert not LtiLink.objects.exists()
    assert not LtiResult.objects.exists()
    client.force_login(world.bruno)
    assert "Aucun compte relié" in client.get(reverse("trainings:lti_links")).content.decode()


def test_the_launch_of_another_browser_is_not_taken_over(world, client, there, version, row):
    answer = there.launch(client, version.path)
    thief = Client()
    thief.force_login(world.bruno)
    assert thief.get(answer.url).status_code == 403
    assert thief.post(reverse("trainings:lti_link", args=[mark_of(answer)])).status_code == 403
    assert not LtiLink.objects.exists()


# --- What no platform sends -------------------------------------------------------------------------------------------
HOUR = 3600
SECRET = b"s" * 32
SAID = {  # a claim that is not what it must be, and what the log says of it
    "another client": ({"aud": "client-2"}, "InvalidAudienceError"),
    "made for another": ({"azp": "client-2"}, "made for another client"),
    "several audiences": ({"aud": [CLIENT_ID, "other"], "azp": None}, "several audiences"),
    "another issuer": ({"iss": "https://ailleurs.test"}, "InvalidIssuerError"),
    "expired": ({"exp": int(time.time()) - HOUR, "iat": int(time.time()) - 2 * HOUR}, "too late"),
    "without an end": ({"exp": None}, "MissingRequiredClaimError"),
    "from tomorrow": ({"iat": int(time.time()) + 48 * HOUR, "exp": int(time.time()) + 49 * HOUR}, "ImmatureSignature"),
    "another nonce": ({"nonce": "n"}, "nonce of another question"),
    "without a nonce": ({"nonce": None}, "MissingRequiredClaimError"),
    "unknown deployment": ({f"{CLAIM}deployment_id": "9"}, "unknown deployment"),
    "a list as deployment": ({f"{CLAIM}deployment_id": ["1"]}, "unknown deployment"),
    "another target": ({f"{CLAIM}target_link_uri": "https://ailleurs.test/"}, "another target"),
    "another version": ({f"{CLAIM}version": "1.1"}, "another version"),
    "another message": ({f"{CLAIM}message_type": "LtiSubmissionReviewRequest"}, "another message"),
    "without a subject": ({"sub": None}, "MissingRequiredClaimError"),
    "an empty subject": ({"sub": ""}, "no subject"),
    "an endless subject": ({"sub": "x" * 256}, "no subject"),
    "a subject that nobody can write down": ({"sub": "moodle-\ud800"}, "no subject"),
}
BY_SIGNATURE = {"another client", "another issuer", "expired", "from tomorrow"}
BY_RULE = {"made for another", "several audiences", "another nonce", "unknown deployment", "another target"}


def refused(answer, log, code: str, *sentences: str) -> None:
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "Nous n’ouvrons pas cette activité" in page
    assert all(sentence in page for sentence in sentences)
    told = [record.getMessage() for record in log.records if record.name == "security"]
    assert any(code in line for line in told), told
    assert not CacheEntry.objects.filter(pk__contains="lti-launch").exists()


@pytest.mark.parametrize("name", SAID)
def test_a_claim_that_is_wrong_is_refused(client, there, version, row, log, name):
    changes, code = SAID[name]
    refused(there.launch(client, version.path, **changes), log, code)


def forged(there, asked, name: str) -> str:
    claims = there.claims(asked)
    if name == "wrong key":
        return there.sign(claims, key=OTHER_KEY)
    if name == "unknown key":
        return there.sign(claims, key=OTHER_KEY, kid="k9")
    if name == "none":
        return there.sign(claims, key=None, algorithm="none")
    if name == "public key as secret":
        head, body = (
            jwt.utils.base64url_encode(json.dumps(part).encode()).decode()
            for part in ({"alg": "HS256", "kid": "k1", "typ": "JWT"}, claims)
        )
        signed = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
            f"{head}.{body}".encode(), public_pem()
        )
        return f"{head}.{body}.{jwt.utils.base64url_encode(signed).decode()}"
    if name == "changed on the way":
        head, _, tail = there.sign(claims).split(".")
        other = jwt.utils.base64url_encode(json.dumps(claims | {"sub": "victim"}).encode()).decode()
        return f"{head}.{other}.{tail}"
    return {"no token": "", "not a token": "a.b.c", "no kid": jwt.encode(claims, KEY, "RS256")}[name]


FORGED = ["wrong key", "unknown key", "none", "public key as secret", "changed on the way"]


@pytest.mark.parametrize("name", [*FORGED, "no token", "not a token", "no kid"])
def test_a_forged_token_is_refused(client, there, version, row, log, name):
    asked = there.question(client, version.path)
    refused(there.send(client, asked, forged(there, asked, name)), log, "refused", "n’a pas pu être vérifié")


def _read_without_checking(token, **_):
    return jwt.decode(token, options={"verify_signature": False, "verify_exp": False, "verify_aud": False})


@pytest.mark.parametrize("name", [*FORGED, *sorted(BY_SIGNATURE)])
def test_canary_without_the_signature_it_would_enter(client, there, version, row, monkeypatch, name):
    monkeypatch.setattr(tokens.tokens, "verify", _read_without_checking)
    asked = there.question(client, version.path)
    token = forged(there, asked, name) if name in FORGED else there.sign(there.claims(asked, **SAID[name][0]))
    assert there.send(client, asked, token).status_code == 302


@pytest.mark.parametrize("name", sorted(BY_RULE))
def test_canary_without_the_rules_it_would_enter(client, there, version, row, monkeypatch, name):
    monkeypatch.setattr(rules, "check", lambda claims, **_: (Message.RESOURCE, "1", claims["sub"]))
    assert there.launch(client, version.path, **SAID[name][0]).status_code == 302


def test_a_launch_serves_once(client, there, version, row, log):
    asked = there.question(client, version.path)
    token, cookies = there.sign(there.claims(asked)), client.cookies.copy()
    assert there.send(client, asked, token).status_code == 302
    CacheEntry.objects.filter(pk__contains="lti-launch").delete()
    client.cookies = cookies
    refused(there.send(client, asked, token), log, "replayed", "déjà servi")


def test_canary_without_memory_it_would_serve_twice(client, there, version, row, monkeypatch):
    monkeypatch.setattr(launches.cache, "add", lambda *_: True)
    asked = there.question(client, version.path)
    token, cookies = there.sign(there.claims(asked)), client.cookies.copy()
    there.send(client, asked, token)
    client.cookies = cookies
    assert there.send(client, asked, token).status_code == 302


def test_the_answer_to_another_browser_is_refused(client, there, version, row, log, monkeypatch):
    asked = there.question(Client(), version.path)
    token = there.sign(there.claims(asked))
    refused(there.send(client, asked, token), log, "other browser", "nouvelle")
    monkeypatch.setattr(launches, "constant_time_compare", lambda *_: True)
    assert there.send(client, asked, token).status_code == 302, "the canary"


def test_a_state_that_is_not_ours_or_too_old_is_refused(client, there, version, row, log):
    asked = there.question(client, version.path)
    token = there.sign(there.claims(asked))
    refused(there.send(client, asked, token, state="x"), log, "state not ours")
    refused(there.send(client, asked, token, state=""), log, "state not ours")
    refused(there.send(client, asked, token, error="login_required"), log, "the platform refused")
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        refused(there.send(client, asked, token), log, "too late")


ELSEWHERE = [
    "https://ailleurs.test/",
    "//ailleurs.test/lti/parcours/1/",
    "http://localhost:8000@ailleurs.test/lti/parcours/1/",
    "http://localhost:8000.ailleurs.test/lti/parcours/1/",
    "http://localhost:8000/lti/parcours/1/?next=//ailleurs.test",
    "http://localhost:8000/lti/parcours/١/",
    "http://localhost:8000/admin/",
    "javascript:alert(1)",
    "",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_launch_leads_nowhere_else(client, there, row, log, target):
    refused(there.announce(client, target), log, "another target")


def test_who_is_not_declared_is_not_asked_anything(client, there, version, row, log):
    target = launches.address_of(version.path_id)
    refused(there.announce(client, target, iss="https://ailleurs.test"), log, "unknown platform", "pas déclarée")
    refused(there.announce(client, target, client_id="9"), log, "unknown platform")
    refused(there.announce(client, target, lti_deployment_id="9"), log, "unknown deployment")
    refused(there.announce(client, target, login_hint=""), log, "no login hint")
    assert there.announce(client, target, client_id=None).status_code == 302, "the only one of that issuer"
    asked = there.question(client, version.path)
    LtiPlatform.objects.update(is_active=False)
    refused(there.announce(client, target), log, "unknown platform")
    refused(there.send(client, asked, there.sign(there.claims(asked))), log, "unknown platform")


def test_the_log_holds_no_secret(client, there, version, row, log):
    there.launch(client, version.path, sub="")
    told = log.text
    assert "ecrète" not in told
    assert "eyJ" not in told


def test_an_activity_without_a_path_says_what_to_do(client, there, version, row, log):
    refused(there.launch(client, None), log, "no path", "Choisissez-en un")


# --- The keys of the platform -----------------------------------------------------------------------------------------
def test_a_new_key_is_read_once_it_is_used(client, there, version, row):
    assert there.launch(client, version.path).status_code == 302
    assert there.launch(client, version.path).status_code == 302
    assert [path for _, path, _, _ in there.calls] == ["/jwks"], "the keys are remembered"
    there.answers["/jwks"] = (200, {"keys": [public_jwk(OTHER_KEY, "k2")]})
    asked = there.question(client, version.path)
    token = there.sign(there.claims(asked), key=OTHER_KEY, kid="k2")
    with time_machine.travel(timezone.now() + timedelta(seconds=61), tick=False):
        assert there.send(client, asked, token).status_code == 302
    assert len(there.calls) == 2


def test_a_stranger_makes_us_call_a_platform_once_a_minute(client, there, version, row):
    for _ in range(5):
        asked = there.question(client, version.path)
        there.send(client, asked, there.sign(there.claims(asked), key=OTHER_KEY, kid="k9"))
    assert len(there.calls) == 1


def drip(handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    for _ in range(100):
        handler.wfile.write(b" ")
        time.sleep(0.05)


def drip_heads(handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for _ in range(100):
        handler.wfile.write(b"X")
        time.sleep(0.05)


def elsewhere(handler) -> None:
    handler.send_response(302)
    handler.send_header("Location", "/other")
    handler.end_headers()


BROKEN = {
    "too long": (200, b"[" + b" " * calling.MOST_BYTES + b"]"),
    "no JSON": (200, b"<html>"),
    "bottomless": (200, b"[" * 100_000),
    "no keys": (200, {"key": 1}),
    "a list": (200, []),
    "an error": (500, {"keys": [public_jwk(KEY)]}),
    "a redirect": elsewhere,
    "slow": drip,
    "slow heads": drip_heads,
}


@pytest.mark.parametrize("name", BROKEN)
def test_keys_that_are_too_long_or_too_slow_are_dropped(client, there, version, row, log, monkeypatch, name):
    monkeypatch.setattr(calling, "WHOLE_S", 0.5)
    there.answers["/jwks"] = BROKEN[name]
    there.answers["/other"] = (200, {"keys": [public_jwk(KEY)]})
    began = time.monotonic()
    refused(there.launch(client, version.path), log, "keys out of reach", "ne répond pas")
    assert time.monotonic() - began < 3
    assert [path for _, path, _, _ in there.calls] == ["/jwks"]


def test_canary_what_is_slow_but_patiently_awaited_arrives(there, row, monkeypatch):
    def slowly(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n")
        for _ in range(20):
            handler.wfile.write(b"1")
            time.sleep(0.05)

    there.answers["/jwks"] = slowly
    assert calling.ask("GET", row.jwks_url, hosts=row.hosts).json() == int("1" * 20)
    monkeypatch.setattr(calling, "WHOLE_S", 0.5)
    with pytest.raises(Outside):
        calling.ask("GET", row.jwks_url, hosts=row.hosts)


def test_keys_of_other_shapes_are_passed_over(client, there, version, row):
    odd = [1, {}, {"kid": 3}, {"kid": "k1", "kty": "oct", "k": jwt.utils.base64url_encode(SECRET).decode()}]
    there.answers["/jwks"] = (200, {"keys": [*odd[:3], public_jwk(KEY)]})
    assert there.launch(client, version.path).status_code == 302
    LtiPlatform.objects.update(jwks_at=None)
    CacheEntry.objects.all().delete()
    there.answers["/jwks"] = (200, {"keys": odd})
    asked = there.question(client, version.path)
    token = jwt.encode(there.claims(asked), SECRET, "HS256", headers={"kid": "k1"})
    assert there.send(client, asked, token).status_code == 403, "a secret in a public list signs nothing"


@pytest.mark.parametrize("sign", ["\0", "\ud800"])
def test_signs_that_no_database_takes_are_left_out(world, client, there, version, linked, sign):
    client.force_login(world.amina)
    said = {
        f"{CLAIM}context": {"id": f"c1{sign}", "title": f"Lire{sign}"},
        GRADES: {"scope": [rules.SCORE_SCOPE], "lineitem": f"{there.url}/line{sign}"},
        rules.MEMBERS: {"context_memberships_url": f"{there.url}/members{sign}"},
    }
    mark = mark_of(there.launch(client, version.path, **said))
    assert client.get(reverse("trainings:lti_arrive", args=[mark])).status_code == 302
    course = LtiCourse.objects.get()
    assert (course.context, course.title, course.members_url) == ("c1", "Lire", "")
    assert LtiResult.objects.get().line_item == ""


@pytest.mark.parametrize("sign", ["\0", "\ud800"])
def test_a_choice_goes_to_an_address_that_can_be_written_down(client, there, version, row, log, sign):
    claims = there.choice(deep_link_return_url=f"{there.url}/back{sign}")
    refused(there.launch(client, None, **claims), log, "a choice that leads nowhere")


@pytest.mark.parametrize("sign", ["\0", "\ud800"])
def test_of_a_key_only_what_makes_it_is_kept(client, there, version, row, sign):
    odd = public_jwk(KEY, "k2") | {"n": f"a{sign}"}
    there.answers["/jwks"] = (200, {"keys": [public_jwk(KEY) | {"note": f"odd{sign}", "weight": float("nan")}, odd]})
    assert there.launch(client, version.path).status_code == 302
    row.refresh_from_db()
    kept = {name: value for name, value in public_jwk(KEY).items() if name in tokens.KEY_PARTS}
    assert row.jwks["keys"] == [kept, {name: value for name, value in kept.items() if name != "n"} | {"kid": "k2"}]


# --- Whom our server calls --------------------------------------------------------------------------------------------
def test_a_private_address_is_not_called(settings):
    """A name that leads inside: the line is closed before a byte is sent."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def listen():
            line, _ = listener.accept()
            line.settimeout(2)
            heard.append(line.recv(100))
            line.close()

        for allowed in ([], ["localhost"]):
            settings.CALLED_PRIVATE_HOSTS = allowed
            thread = threading.Thread(target=listen)
            thread.start()
            with pytest.raises(Outside):
                calling.ask("GET", f"https://localhost:{port}/", hosts=[f"localhost:{port}"])
            thread.join()
    assert heard[0] == b""
    assert heard[1], "the canary: a host that is allowed hears from us"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2a00:1450:4007::1", True),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("100.64.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:8.8.8.8", True),
    ],
)
def test_which_addresses_are_public(address, public):
    assert calling.is_public(address) is public


@pytest.mark.parametrize(
    "url",
    [
        "http://moodle.test/a",
        "https://",
        "ftp://moodle.test/",
        "https://u:p@moodle.test/",
        "https://moodle.test:x/",
        "a",
    ],
)
def test_an_address_without_encryption_or_whole_is_not_written(world, there, url):
    with pytest.raises(ValidationError):
        there.declare(world.here.departement, token_url=url)


def test_a_service_elsewhere_than_on_the_platform_is_left_out(world, client, there, version, linked):
    client.force_login(world.amina)
    grades = {"scope": [rules.SCORE_SCOPE], "lineitem": "https://ailleurs.test/line"}
    members = {"context_memberships_url": "http://169.254.169.254/latest/"}
    arrive(client, there, version, **{GRADES: grades, rules.MEMBERS: members})
    assert LtiResult.objects.get().line_item == ""
    assert LtiCourse.objects.get().members_url == ""
    with pytest.raises(Outside):
        calling.ask("GET", "https://ailleurs.test/line", hosts=linked.platform.hosts)


# --- What is told -----------------------------------------------------------------------------------------------------
def test_who_has_begun_then_who_has_finished(world, client, there, version, linked):
    second = step_of(version.modules.get(), title="Un autre texte")
    client.force_login(world.amina)
    arrive(client, there, version)
    taken = learner(world.amina, version)
    first = version.modules.get().steps.exclude(pk=second.pk).get()
    learning.read(enrolment=taken, step=first, by=world.amina)
    work(passing.SCORE)
    learning.read(enrolment=taken, step=second, by=world.amina)
    work(passing.SCORE)
    sent = [json.loads(body) for _, path, _, body in there.calls if path.startswith("/line")]
    assert [one["activityProgress"] for one in sent] == ["InProgress", "Completed"]
    assert "scoreGiven" not in sent[0]
    assert set(sent[1]) == {
        "userId",
        "timestamp",
        "activityProgress",
        "gradingProgress",
        "scoreGiven",
        "scoreMaximum",
    }
    told = len(there.calls)
    learning.read(enrolment=taken, step=second, by=world.amina)
    arrive(client, there, version)
    assert work(passing.SCORE).state == JobState.DONE
    assert len([one for one in there.calls[told:] if one[1] != "/jwks"]) == 0, "what is known is not told again"


def test_the_assertion_is_signed_with_a_published_key(world, client, there, version, linked):
    client.force_login(world.amina)
    arrive(client, there, version)
    finish(version, world.amina)
    work(passing.SCORE)
    (form,) = (parse_qs(body.decode()) for _, path, _, body in there.calls if path == "/token")
    (assertion,) = form["client_assertion"]
    kid = jwt.get_unverified_header(assertion)["kid"]
    published = client.get(reverse("trainings:lti_keys")).json()["keys"]
    assert all("d" not in one for one in published), "no private part"
    (key,) = (one for one in published if one["kid"] == kid)
    claims = jwt.decode(assertion, jwt.PyJWK(key), algorithms=["RS256"], audience=f"{there.url}/token")
    assert (claims["iss"], claims["sub"]) == (CLIENT_ID, CLIENT_ID)
    (headers,) = (headers for _, path, headers, _ in there.calls if path.startswith("/line"))
    assert headers["Authorization"] == "Bearer abc"
    assert headers["Content-Type"] == "application/vnd.ims.lis.v1.score+json"


@pytest.mark.parametrize("where", ["/token", "/line/scores"])
def test_a_platform_that_is_away_is_told_later(world, client, there, version, linked, where):
    client.force_login(world.amina)
    arrive(client, there, version)
    finish(version, world.amina)
    fine, there.answers[where] = there.answers[where], (503, {})
    assert work(passing.SCORE).state == JobState.QUEUED
    assert LtiResult.objects.get().sent == ""
    there.answers[where] = fine
    assert work(passing.SCORE).state == JobState.DONE
    assert LtiResult.objects.get().sent == Progress.COMPLETED


def test_what_was_given_up_is_asked_again_each_hour_for_a_month(world, client, there, version, linked):
    client.force_login(world.amina)
    arrive(client, there, version)
    finish(version, world.amina)
    there.answers["/token"] = (503, {})
    for _ in range(passing.TRIES):
        job = work(passing.SCORE)
    assert job.state == JobState.FAILED
    there.answers["/token"] = (200, {"access_token": "abc"})
    assert mind_platforms() == 1
    assert work(passing.SCORE).state == JobState.DONE
    assert mind_platforms() == 0
    LtiResult.objects.update(sent="")
    Enrolment.objects.update(seen_at=timezone.now() - passing.ASKED_FOR - timedelta(days=1))
    assert mind_platforms() == 0


def test_a_platform_that_refuses_is_not_asked_at_once_again(world, client, there, version, linked):
    client.force_login(world.amina)
    arrive(client, there, version)
    finish(version, world.amina)
    there.answers["/line/scores"] = (403, {})
    job = work(passing.SCORE)
    assert (job.state, job.is_our_fault) == (JobState.FAILED, False)


def test_a_path_finished_before_is_told_on_arrival(world, client, there, version, linked):
    finish(version, world.amina)
    client.force_login(world.amina)
    arrive(client, there, version)
    assert work(passing.SCORE).state == JobState.DONE
    assert LtiResult.objects.get().sent == Progress.COMPLETED


def test_nothing_is_told_of_whoever_untied_or_of_a_platform_put_out_of_service(world, client, there, version, linked):
    client.force_login(world.amina)
    arrive(client, there, version)
    finish(version, world.amina)
    LtiPlatform.objects.update(is_active=False)
    before = len(there.calls)
    assert work(passing.SCORE).state == JobState.DONE
    actions.unlink(link=linked, by=world.amina)
    Job.objects.update(state=JobState.QUEUED)
    assert work(passing.SCORE).state == JobState.DONE
    assert len(there.calls) == before


def test_the_page_of_a_learner_never_waits_for_the_platform(world, client, there, version, linked):
    client.force_login(world.amina)
    arrive(client, there, version)
    before = len(there.calls)
    finish(version, world.amina)
    arrive(client, there, version)
    assert [path for _, path, _, _ in there.calls[before:] if path != "/jwks"] == []


def test_learners_are_counted_over_pages_and_nobody_else(world, there, version, row):
    teacher = LEARNER.replace("Learner", "Instructor")

    def first(handler):
        body = json.dumps({"members": [{"roles": [LEARNER]}, {"roles": [teacher]}, {"roles": "x"}, 3]}).encode()
        handler.send_response(200)
        handler.send_header("Link", f'<{there.url}/members2>; rel="next"')
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    there.answers["/members"] = first
    gone = {"roles": ["Learner"], "status": "Inactive"}
    there.answers["/members2"] = (200, {"members": [{"roles": ["Learner"], "status": "Active"}, gone]})
    course = LtiCourse.objects.create(platform=row, path=version.path, members_url=f"{there.url}/members")
    passing.count(course)
    work(passing.MEMBERS)
    course.refresh_from_db()
    assert course.members == 2
    passing.count(course)
    assert Job.objects.get().state == JobState.DONE, "once a day"


def test_a_list_of_members_that_goes_on_elsewhere_is_not_followed(world, there, version, row):
    def first(handler):
        handler.send_response(200)
        handler.send_header("Link", "<http://localhost:1/>; rel=next")
        handler.send_header("Content-Length", "14")
        handler.end_headers()
        handler.wfile.write(b'{"members":[]}')

    there.answers["/members"] = first
    course = LtiCourse.objects.create(platform=row, path=version.path, members_url=f"{there.url}/members")
    passing.count(course)
    assert work(passing.MEMBERS).state == JobState.QUEUED
    assert LtiCourse.objects.get().members is None


# --- An author of the other platform chooses --------------------------------------------------------------------------
def test_an_author_without_an_account_chooses_among_what_was_opened(world, client, there, version, row):
    path_of(world.here.district, "Pas ouvert à M@gistère")
    page = client.get(there.launch(client, None, **there.choice()).url)
    body = page.content.decode()
    assert version.title in body
    assert "Pas ouvert à M@gistère" not in body
    mark = urlsplit(page.request["PATH_INFO"]).path.split("/")[-2]
    answer = client.post(reverse("trainings:lti_answer", args=[mark]), {"version": version.pk})
    assert f"form-action {there.url};" in f"{answer['Content-Security-Policy']};"
    assert answer["X-Frame-Options"] == "DENY"
    token = answer.content.decode().partition('name="JWT" value="')[2].partition('"')[0]
    (key,) = keys.published()["keys"]
    claims = jwt.decode(token, jwt.PyJWK(key), algorithms=["RS256"], audience=there.url, issuer=CLIENT_ID)
    (item,) = claims[f"{DEEP_LINKING}content_items"]
    assert (item["type"], item["url"]) == ("ltiResourceLink", launches.address_of(version.path_id))
    assert claims[f"{DEEP_LINKING}data"] == "d-1"
    assert claims[f"{CLAIM}deployment_id"] == "1"
    assert claims["nonce"]


def test_what_was_not_opened_is_not_given(world, client, there, version, row):
    other = path_of(world.here.district, "Pas ouvert")
    mark = mark_of(there.launch(client, None, **there.choice()))
    for asked in (other.pk, "x", "", "²"):
        assert client.post(reverse("trainings:lti_answer", args=[mark]), {"version": asked}).status_code == 404


@pytest.mark.parametrize(
    "settings_",
    [
        {"deep_link_return_url": "https://ailleurs.test/"},
        {"deep_link_return_url": "javascript:alert(1)"},
        {"deep_link_return_url": None},
        {"accept_types": ["file"]},
        {"accept_types": "ltiResourceLink"},
    ],
)
def test_a_choice_that_leads_elsewhere_is_refused(client, there, version, row, log, settings_):
    refused(there.launch(client, None, **there.choice(**settings_)), log, "a choice that leads nowhere")


def test_a_launch_is_no_choice_and_a_choice_no_launch(world, client, there, version, linked):
    launched = mark_of(there.launch(client, version.path))
    chosen = mark_of(there.launch(client, None, **there.choice()))
    client.force_login(world.amina)
    assert client.get(reverse("trainings:lti_choose", args=[launched])).status_code == 403
    assert client.get(reverse("trainings:lti_arrive", args=[chosen])).status_code == 403


# --- A team opens its paths -------------------------------------------------------------------------------------------
def test_a_team_opens_a_path_and_reads_how_many_came(world, client, there, version, linked):
    linked.platform.paths.clear()
    client.force_login(world.adviser)
    address = reverse("trainings:lti_opening", args=[version.path_id])
    assert "Ouvrir" in client.get(address).content.decode()
    client.post(reverse("trainings:lti_open", args=[version.path_id]), {"platform": linked.platform_id, "open": "1"})
    assert linked.platform.paths.get() == version.path
    client.force_login(world.amina)
    arrive(client, there, version)
    LtiCourse.objects.update(members=23, counted_at=timezone.now())
    client.force_login(world.adviser)
    page = client.get(address).content.decode()
    assert "1 personne venue de là, sur 23 inscrits" in page
    assert launches.address_of(version.path_id) in page
    assert "Amina" not in page
    client.post(reverse("trainings:lti_open", args=[version.path_id]), {"platform": linked.platform_id})
    assert not linked.platform.paths.exists()


def test_the_platforms_of_another_departement_are_not_there(world, client, there, version):
    other = there.declare(world.there.departement)
    client.force_login(world.adviser)
    page = client.get(reverse("trainings:lti_opening", args=[version.path_id])).content.decode()
    assert "Aucune autre plateforme" in page
    open_ = reverse("trainings:lti_open", args=[version.path_id])
    assert client.post(open_, {"platform": other.pk, "open": "1"}).status_code == 404
    with pytest.raises(Refusal):
        actions.open_path(path=version.path, platform=other, is_open=True, by=world.superuser)


def test_whoever_oversees_the_departement_declares_a_platform_and_its_history_is_kept(world, client):
    client.force_login(world.departement)
    address = reverse("admin:trainings_ltiplatform_add")
    assert f"{launches.settings.SITE_URL}/lti/cles.json" in client.get(address).content.decode()
    typed = {
        "departement": world.here.departement.pk,
        "name": "M@gistère",
        "issuer": "https://magistere.test",
        "client_id": "c",
        "deployments": "1\n2",
        "auth_url": "https://magistere.test/auth",
        "token_url": "http://magistere.test/token",
        "jwks_url": "https://magistere.test/jwks",
        "is_active": "on",
    }
    assert "commence par https" in client.post(address, typed).content.decode()
    client.post(address, typed | {"token_url": "https://magistere.test/token"})
    row = LtiPlatform.objects.get()
    assert row.deployment_ids == ["1", "2"]
    assert row.hosts == {"magistere.test"}
    assert row.history.get().history_user == world.departement


def test_pages_cost_the_same_however_many(world, client, there, version, row, django_assert_max_num_queries):
    for number in range(30):
        LtiCourse.objects.create(platform=row, path=version.path, context=f"c{number}")
    world.adviser.reach()
    with django_assert_max_num_queries(2):
        queries.of_path(version.path, world.adviser)


# --- Our keys ---------------------------------------------------------------------------------------------------------
def test_a_key_signs_once_it_was_known_for_a_day_and_goes_once_it_no_longer_signs():
    keys.rotate()
    assert keys.published() == {"keys": []}
    keys.sign({})
    first = LtiKey.objects.get()
    now = timezone.now()

    def kid_at(days: float) -> str:
        with time_machine.travel(now + timedelta(days=days), tick=False):
            keys.rotate()
            return jwt.get_unverified_header(keys.sign({}))["kid"]

    assert kid_at(30) == first.pk
    assert LtiKey.objects.count() == 1
    assert kid_at(91) == first.pk, "the new one is published first"
    second = LtiKey.objects.exclude(pk=first.pk).get()
    assert {one["kid"] for one in keys.published()["keys"]} == {first.pk, second.pk}
    assert kid_at(92.5) == second.pk
    assert LtiKey.objects.count() == 2
    assert kid_at(93.5) == second.pk
    assert LtiKey.objects.get() == second


def test_a_private_key_is_sealed(settings):
    keys.sign({})
    stored = f"{LtiKey.objects.values_list('public')}"
    assert "PRIVATE" not in stored
    settings.SECRET_KEY = "another-one-that-opens-nothing-of-before"
    before = LtiKey.objects.get().pk
    assert jwt.get_unverified_header(keys.sign({}))["kid"] != before, "a key that no longer opens is passed over"


# --- Rules ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("line", "scores"),
    [
        ("https://m.test/line", "https://m.test/line/scores"),
        ("https://m.test/line/?type_id=1", "https://m.test/line/scores?type_id=1"),
    ],
)
def test_where_scores_go(line, scores):
    assert rules.scores_url(line) == scores


def test_an_account_goes_with_its_ties(world, linked):
    Person.objects.get(pk=world.amina.pk).delete()
    assert not LtiLink.objects.exists()


def test_a_second_tab_ties_once(world, linked):
    launch = Launch(linked.platform_id, Message.RESOURCE, "1", SUBJECT, 1)
    assert actions.link(launch=launch, by=world.amina) == linked
