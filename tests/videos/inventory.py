"""All that the storage holds, the address of each thing, who may have it, and a sweep that asks for everything."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from circo import bucket
from circo.models import Person
from tests.servers.web import exchange
from tests.videos.records import adult, project_of, pupil, record_of
from tests.world import World
from videos import actions, paths, rules, storing
from videos.models import Film, FilmState, Upload

NAMES = ("video-240-init.mp4", "video-240-00000.m4s", "audio-00000.m4s", "poster.jpg", "sprite.jpg", "waveform.json")
PERSONAS = ("amina", "bruno", "chloe", "denis", "former", "inspector", "superuser", "deactivated", "visitor")
SENT_TO_SIGN_IN = ("visitor", "deactivated")
# Everything but the plain address of a thing: each must be refused, to its owner too.
SPELLINGS = (
    "/films/{film}/media/../media/{name}",
    "/films/{film}/media/%2e%2e/media/{name}",
    "/films/{film}/media/..%2fmedia%2f{name}",
    "/films/{film}/media/%252e%252e/{name}",
    "/films/{film}/media/{output}/{name}",
    "/films/{film}/media//{name}",
    "/films/{film}/media/%2f{name}",
    "/films/{film}/media/{name}.",
    "/films/{film}/media/{name};a",
    "/films/{film}/media/{name}/",
    "/films/{film}/media/{name}%00",
    "/films/{film}/media/{name}%20",
    "/films/{film}/media/..\\{name}",
    "/films/{film}/media/%c0%ae%c0%ae/{name}",
    "/films/{film}/media/film.mp4",
    "/films/{film}/media/../../../{key}",
    "/films/{film}/{output}/{name}",
    "//films/{film}/media//{name}",
    "/media/{key}",
    "/{key}",
    "/static/../{key}",
    "/static/%2e%2e/media/{key}",
    "/_media/{key}",
    "//_media/{key}",
    "/_media//{key}",
    "/_media/./{key}",
    "/_media/../_media/{key}",
    "/%5fmedia/{key}",
    "/_media%2f{key}",
    "/films/../_media/{key}",
    "/films/%2e%2e/_media/{key}",
    "/films/..%2f_media/{key}",
    "/_media/films/../{key}",
    "/_media/films/..%2f{key}",
    "/_media../media/{key}",
    "/_media/../db.sqlite3",
    "/_media/%2e%2e/secret.key",
    "/_MEDIA/{key}",
    "/_media/{key}?a",
    "/_media/{key};a",
)


@dataclass
class Held:
    """What the storage holds: each key with its bytes and its film; the sessions of the personas."""

    world: World
    films: dict[str, Film]
    contents: dict[str, bytes] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)


def hold(world: World, folder: Path) -> Held:
    """Make a film in each state, with bytes that are found nowhere else."""
    shared = record_of(world.amina, world.here.group)
    given_up = project_of(world.amina, world.here.group)
    pupil(given_up), adult(given_up)
    now = timezone.now()
    ready = {"state": FilmState.READY, "output": "7", "duration_s": 4, "ready_at": now, "playable_at": now}
    states = {
        "shared": ready | {"project": shared},
        "taken": ready | {"project": shared, "download_allowed": True},
        "private": ready | {"project": None, "download_allowed": True},
        "withdrawn": ready | {"project": given_up, "download_allowed": True},
        "draft": {"state": FilmState.PROCESSING, "project": shared},
        "refused": {"state": FilmState.REFUSED, "refusal": "Trop lourd.", "project": shared},
        "deleted": ready | {"project": shared},
    }
    held = Held(world, {})
    for state, fields in states.items():
        film = Film.objects.create(author=world.amina, group=world.here.group, title=f"Film {state}", **fields)
        held.films[state] = film
        upload = Upload.objects.create(owner=world.amina, film=film, file_name="a.mp4", size_bytes=60, offset_bytes=60)
        names = NAMES if state == "shared" else NAMES[1:4:2]  # of each kind once
        names = (*names, rules.DOWNLOAD_NAME) if film.output else ()
        keys = [*(paths.media_key(film.pk, film.output, name) for name in names), paths.source_key(upload.pk)]
        for key in keys:
            held.contents[key] = secrets.token_hex(30).encode()
            (folder / "one").write_bytes(held.contents[key])
            storing.put(folder / "one", key)
    for recorded in given_up.people.all():
        actions.decline(agreement=recorded.agreements.first(), by=world.amina)
    actions.erase_film(film=held.films["deleted"], by=world.amina)
    held.cookies = {name: cookies_of(world.people.get(name)) for name in PERSONAS}
    return held


def cookies_of(person: Person | None) -> str:
    client = Client()
    if person:
        client.force_login(person)
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


def stored() -> list[str]:
    """Every key that the storage really holds."""
    if bucket.is_used():
        return bucket.keys("")
    root = Path(default_storage.path(""))
    return sorted(str(file.relative_to(root)) for file in root.rglob("*") if file.is_file())


def address_of(key: str, held: Held) -> tuple[str, str]:
    """The address of what lies under `key`, and the state of its film.

    Raises: KeyError for a key that has no address.
    """
    place, name = key.split("/")[0], key.rpartition("/")[2]
    if place == paths.UPLOADS and name == "source":
        film = Upload.objects.get(pk=key.split("/")[1]).film
        route = "telecharger/original/"
    elif place == paths.FILMS and len(key.split("/")) == 4:
        film = Film.objects.get(pk=key.split("/")[1])
        route = "telecharger/" if name == rules.DOWNLOAD_NAME else f"media/{name}"
        if name != rules.DOWNLOAD_NAME and not rules.is_media_name(name):
            raise KeyError(key)
    else:
        raise KeyError(key)
    state = next(state for state, one in held.films.items() if one.pk == film.pk)
    return f"/films/{film.pk}/{route}", state


def may_have(persona: str, state: str, address: str) -> bool:
    """Written apart from the code: the owner has all of hers; her group what is shared; a copy if she allows it."""
    if persona == "amina":
        return True
    if persona != "bruno" or address.endswith("original/"):
        return False
    return state == "taken" or (state == "shared" and not address.endswith("telecharger/"))


def sweep(held: Held, port: int, *, thorough: tuple[str, ...] = ("shared",)) -> tuple[list[str], int]:
    """Ask for every key as everybody; return what was not as it should be, and how many questions were asked."""
    faults, asked = [], 0
    for key in stored():
        address, state = address_of(key, held)
        tag = tag_of(held, port, address)
        ways = (
            list(ways_of(held.contents[key], tag)) if state in thorough else list(ways_of(held.contents[key], tag))[:1]
        )
        for persona in PERSONAS:
            for method, headers, status, body in ways:
                answer = ask(port, method, address, headers | {"Cookie": held.cookies[persona]})
                asked += 1
                faults += judge(
                    f"{persona} {method} {headers} {key} ({state})",
                    persona,
                    state,
                    address,
                    answer,
                    (status, body),
                    held.contents[key],
                )
    return faults, asked


def ways_of(content: bytes, tag: str) -> Iterator[tuple[str, dict[str, str], int, bytes]]:
    """Each way to ask for a thing, and what whoever may have it is answered."""
    yield "GET", {}, 200, content
    yield "HEAD", {}, 200, b""
    yield "GET", {"Range": "bytes=2-5"}, 206, content[2:6]
    yield "GET", {"If-None-Match": tag}, 304, b""


def judge(what, persona, state, address, answer, expected, content) -> list[str]:
    status, headers, body = answer
    if may_have(persona, state, address):
        right = (status, body) == expected and "no-" in headers.get("cache-control", "no-")
        right = right and "access-control-allow-origin" not in headers
        return [] if right else [f"{what}: {status} {body[:20]!r} {headers.get('cache-control')}"]
    told = 302 if persona in SENT_TO_SIGN_IN else 404
    open_ = content[:12] in body or urlsplit(headers.get("location", "")).netloc not in ("", "127.0.0.1")
    return [f"{what}: {status}"] if status != told or open_ else []


def tag_of(held: Held, port: int, address: str) -> str:
    return ask(port, "GET", address, {"Cookie": held.cookies["amina"]})[1].get("etag", '"none"')


def ask(port: int, method: str, address: str, headers: dict[str, str]) -> tuple[int, dict, bytes]:
    """Ask the platform; what leads to the bucket is followed, as a browser does, without the cookies."""
    status, told, body = exchange(port, method, address, headers)
    location = told.get("location", "")
    if status == 302 and settings.MEDIA_DELIVERY == "s3" and location.startswith(settings.S3["public_endpoint"]):
        assert told["cache-control"] == "private, no-store"
        assert "X-Amz-Expires=5&" in location
        there = urlsplit(location)
        follow = {name: value for name, value in headers.items() if name != "Cookie"}
        return exchange(there.port, method, f"{there.path}?{there.query}", follow)
    return status, told, body


def misspelled(held: Held, port: int) -> tuple[list[str], int]:
    """Ask in every wrong spelling for what its owner may have; return what was given all the same."""
    faults, asked = [], 0
    film, contents = held.films["shared"], list(held.contents.values())
    upload = Upload.objects.get(film=film)
    for key in (paths.media_key(film.pk, film.output, "poster.jpg"), paths.source_key(upload.pk)):
        for spelling in SPELLINGS:
            name = key.rpartition("/")[2]
            target = spelling.format(film=film.pk, output=film.output, name=name, key=key)
            for persona in ("amina",) if key.startswith(paths.FILMS) else ("amina", "visitor"):
                status, told, body = exchange(port, "GET", target, {"Cookie": held.cookies[persona]})
                asked += 1
                leaks = any(content in body for content in contents) or "X-Amz" in told.get("location", "")
                if status not in (301, 302, 400, 404) or leaks or "x-accel-redirect" in told:
                    faults.append(f"{persona} {target}: {status}")
    return faults, asked
