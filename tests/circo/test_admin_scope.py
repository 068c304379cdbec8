"""The admin shows and changes what the portal would, and nothing else: every model, every page, every persona."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import reverse

from circo.admin.scoped import Scoped, ScopedAdmin
from circo.models import Person, School
from networks.models import Network
from tests.circo.admin_world import (
    EDITS,
    NOTHING,
    RIGHTS,
    ROOTS,
    TEAM,
    UNKEPT,
    UNWRITTEN,
    foreign_keys,
    objects,
    url,
)
from tests.world import MARK
from videos.models import Film

ONE_BY_ONE = [model for model in RIGHTS if model is not Film]
SCOPED = [model for model in ONE_BY_ONE if model._meta.model_name not in ("schoolyear", "issrscale", "job", "erasure")]


def get(client, address: str, status: int, about: str) -> str:
    response = client.get(address)
    body = response.content.decode()
    assert response.status_code == status, f"{about}: {address} answers {response.status_code} instead of {status}"
    return body


def look(client, model: type, own, foreign, right: str) -> None:
    """Open every page of a model as somebody of this district, by their links and by typed addresses."""
    about, seen, edited = f"{model.__name__} {right}", 200 if right != NOTHING else 404, 200 if right == EDITS else 404
    added = 404 if model in ROOTS else edited
    pages = [(url(model, "changelist"), seen), (url(model, "add"), added), (url(model, "change", own.pk), seen)]
    pages.append((url(model, "delete", own.pk), added))
    if model not in UNKEPT:
        pages.append((url(model, "history", own.pk), seen))
    pages.append((f"{url(model, 'changelist')}?q={MARK[:3]}", seen))
    for address, status in pages:
        body = get(client, address, status, about)
        assert MARK not in body, f"{about}: {address} shows the other district"
    if foreign is None:
        return
    verbs = ["change", "delete"] if model in UNKEPT else ["change", "delete", "history"]
    for verb in verbs:
        assert MARK not in get(client, url(model, verb, foreign.pk), 404, about)
        get(client, f"{url(model, verb, foreign.pk)}?_popup=1&_to_field=id", 404, about)


def suggestions(client, persona: str) -> None:
    for model, name in foreign_keys():
        query = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": name}
        for term in ("", MARK, "a"):
            response = client.get(reverse("admin:autocomplete", query={**query, "term": term}))
            assert response.status_code in (200, 404), f"{persona}: {model.__name__}.{name}"
            assert MARK not in response.content.decode(), (
                f"{persona}: {model.__name__}.{name} suggests the other district"
            )


@pytest.mark.parametrize("persona", TEAM)
@pytest.mark.sweep
def test_each_persona_sees_and_edits_the_own_district_only(world, sign_in, persona):
    client, pairs = sign_in(getattr(world, persona)), objects(world)
    for model in ONE_BY_ONE:
        look(client, model, *pairs[model], RIGHTS[model][TEAM.index(persona)])
    suggestions(client, persona)
    assert MARK not in client.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_canary_the_sweep_sees_that_a_model_is_not_scoped(world, sign_in, monkeypatch, model):
    """Let the scope of one model's admin hold every row: the walk above must notice."""
    pairs = objects(world)
    persona = next(name for name in TEAM if RIGHTS[model][TEAM.index(name)] != NOTHING)
    unscoped = type(admin.site.get_model_admin(model)).get_queryset

    def every_row(self, request):
        with monkeypatch.context() as open_doors:
            open_doors.setattr(type(model.objects.all()), self.scope, lambda rows, person: rows)
            return unscoped(self, request)

    monkeypatch.setattr(type(admin.site.get_model_admin(model)), "get_queryset", every_row)
    with pytest.raises(AssertionError):
        look(sign_in(getattr(world, persona)), model, *pairs[model], RIGHTS[model][TEAM.index(persona)])


@pytest.mark.parametrize("model", [School, Person, Network], ids=lambda model: model.__name__)
def test_canary_the_sweep_sees_that_suggestions_are_not_scoped(world, sign_in, monkeypatch, model):
    objects(world)
    every_row = Scoped.choices_of

    def choices_of(self, request, field):
        return (
            model._default_manager.order_by("pk")
            if field.remote_field.model is model
            else every_row(self, request, field)
        )

    for kind in {type(one) for one in admin.site._registry.values()}:
        monkeypatch.setattr(kind, "choices_of", choices_of)
    with pytest.raises(AssertionError):
        suggestions(sign_in(world.inspector), "inspector")


@pytest.mark.parametrize("model", ONE_BY_ONE, ids=lambda model: model.__name__)
def test_superuser_sees_both_districts(world, sign_in, model):
    client, pairs = sign_in(world.superuser), objects(world)
    for row in filter(None, pairs[model]):
        get(client, url(model, "change", row.pk), 200, model.__name__)
        if model not in UNKEPT:
            get(client, url(model, "history", row.pk), 200, model.__name__)
            get(client, url(model, "delete", row.pk), 404 if model in UNWRITTEN else 200, model.__name__)
    get(client, url(model, "changelist"), 200, model.__name__)
    get(client, url(model, "add"), 404 if model in (*UNKEPT, *UNWRITTEN) else 200, model.__name__)


@pytest.mark.parametrize("persona", ["amina", "head_teacher", "trainer", "substitute", "student", "brigade_manager"])
def test_whoever_is_not_of_the_team_finds_no_admin(world, sign_in, persona):
    client = sign_in(getattr(world, persona))
    for model in RIGHTS:
        assert client.get(url(model, "changelist")).status_code == 404
    for name in ("index", "autocomplete", "jsi18n"):
        assert client.get(reverse(f"admin:{name}")).status_code == 404


def test_visitor_and_whoever_lacks_the_second_factor_are_sent_away(world, client):
    assert client.get(reverse("admin:index")).url.startswith(reverse("account_login"))
    world.inspector.authenticator_set.all().delete()
    client.force_login(world.inspector)
    assert client.get(reverse("admin:index")).status_code == 302


def test_every_admin_is_ours():
    assert set(RIGHTS) == set(admin.site._registry), "a model of the admin that no sweep walks over"
    assert all(isinstance(one, ScopedAdmin) for one in admin.site._registry.values())


def test_every_route_of_the_admin_has_a_name():
    def routes(patterns):
        for pattern in patterns:
            yield from routes(pattern.url_patterns) if hasattr(pattern, "url_patterns") else [pattern]

    assert all(route.name for route in routes(admin.site.urls[0]))


def test_films_show_neither_title_nor_author_even_to_the_superuser(world, sign_in):
    film = Film.objects.create(author=world.amina, group=world.here.group, title="Une séance de lecture")
    body = sign_in(world.superuser).get(url(Film, "changelist")).content.decode()
    assert str(film.pk) in body
    assert not [word for word in ("Une séance de lecture", "Amina", "Lire en GS") if word in body]
    deletion = get(sign_in(world.superuser), url(type(world.amina), "delete", world.amina.pk), 200, "deletion")
    assert "Une séance de lecture" not in deletion
