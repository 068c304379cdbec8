"""Packages where they are stored, on a disk or in a bucket: any part of any file, and nothing that was not checked."""

from __future__ import annotations

import json
import zipfile
from contextlib import suppress
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from circo import parcels
from circo.errors import Refusal
from tests.servers.s3 import in_bucket, s3_port  # noqa: F401
from tests.trainings.h5p_things import files, packed, upload
from tests.trainings.written import draft_of, module_of, step_of
from trainings import documents
from trainings.activities import actions, packages, tokens
from trainings.models import RemovedPart, StoredDocument
from trainings.paths.rules import StepKind

MIB = 2**20
FILM = bytes(range(256)) * 4096 * 3  # 3 MiB: more than is read at once
SAMPLE = packed()


def with_films() -> bytes:
    written = BytesIO(packed())
    with zipfile.ZipFile(written, "a") as archive:
        archive.writestr("content/videos/stored.mp4", FILM, zipfile.ZIP_STORED)
        archive.writestr("content/videos/packed.mp4", FILM, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def brought(world):
    step = step_of(module_of(draft_of(world.here, world.trainer)), StepKind.PACKAGE, "Une devinette")
    return actions.bring(step=step, file=upload(with_films()), by=world.trainer)


def any_part_of_any_file(document, world, client) -> None:
    token = tokens.token_for(document, world.amina, now=timezone.now())
    for name in ("stored", "packed"):
        where = reverse("trainings:activity_file", args=[token, f"content/videos/{name}.mp4"])
        whole = client.get(where)
        assert (whole.headers["Content-Type"], whole.headers["Accept-Ranges"]) == ("video/mp4", "bytes")
        assert whole.getvalue() == FILM
        for first, last in ((0, 0), (2 * MIB + 7, 2 * MIB + 99), (1, 2 * MIB), (len(FILM) - 1, len(FILM) + 5)):
            part = client.get(where, headers={"Range": f"bytes={first}-{last}"})
            assert part.status_code == 206
            assert part.getvalue() == FILM[first : last + 1]
        assert client.get(where, headers={"Range": f"bytes={len(FILM)}-"}).status_code == 416
        assert client.head(where).headers["Content-Length"] == str(len(FILM))


@pytest.mark.django_db
def test_any_part_of_a_file_comes_from_the_disk(world, client):
    any_part_of_any_file(brought(world), world, client)


@pytest.mark.service
@pytest.mark.django_db
def test_any_part_of_a_file_comes_from_a_bucket_and_goes_with_it(world, client, in_bucket):  # noqa: F811
    document = brought(world)
    any_part_of_any_file(document, world, client)
    document.delete()
    long_ago = timezone.now() - timedelta(days=3)
    RemovedPart.objects.update(removed_at=long_ago)
    StoredDocument.objects.update(kept_at=long_ago)
    assert documents.sweep() == 1
    assert not parcels.exists(documents.key_of(document.sha256, document.kind))
    token = tokens.token_for(document, world.amina, now=timezone.now())
    assert client.get(reverse("trainings:activity_file", args=[token, "h5p.json"])).status_code == 404


@given(st.data())
def test_any_damage_is_a_refusal_or_harmless(data):
    damaged = bytearray(SAMPLE)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(damaged)))
    for content in (bytes(damaged), bytes(damaged[:cut])):
        with suppress(Refusal):
            packages.check(BytesIO(content))


KEYS = ["mainLibrary", "preloadedDependencies", "machineName", "majorVersion", "minorVersion", "preloadedJs", "path"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["mainLibrary", "preloadedDependencies", "machineName", "majorVersion", "preloadedJs", "path"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(told=JSON, which=st.sampled_from(["index", "library", "other", "content"]))
def test_whatever_its_json_says_is_a_refusal_or_harmless(told, which):
    with suppress(Refusal):
        packages.check(BytesIO(packed(files(**{which: json.dumps(told)}))))


def test_canary_a_good_package_is_good():
    packages.check(BytesIO(SAMPLE))
    packages.check(BytesIO(with_films()))
