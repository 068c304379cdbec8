"""Each page of the portal through the client: what it shows, to whom, and how many queries it costs."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from circo import registries
from circo.models import Notice
from circo.rules import Role
from networks.models import MutualisationGroup
from tests import world as w
from tests.world import MARK

OWN_PAGES = ["home", "year", "profile", "profile_edit", "search", "components"]
PUBLIC_PAGES = ["accessibility", "legal", "privacy", "help"]


def page(client, name, **query):
    return client.get(reverse(f"portal:{name}", query=query or None)).content.decode()


@pytest.fixture
def todos(monkeypatch):
    """Stand for the apps above, which will offer real ones."""
    found = []
    monkeypatch.setattr(registries, "_todo_providers", [lambda person: found])
    return found


@pytest.mark.parametrize("name", OWN_PAGES)
@pytest.mark.parametrize("who", ["amina", "inspector", "former", "student", "superuser"])
def test_a_person_opens_every_page(world, sign_in, name, who):
    client = sign_in(getattr(world, who))

    answer = client.get(reverse(f"portal:{name}"))

    assert answer.status_code == 200
    assert MARK not in answer.content.decode() or who == "superuser"


@pytest.mark.parametrize("name", OWN_PAGES)
def test_a_visitor_is_led_to_sign_in(client, db, name):
    answer = client.get(reverse(f"portal:{name}"))

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", PUBLIC_PAGES)
def test_a_visitor_reads_the_public_pages_without_a_cookie(client, db, name):
    answer = client.get(reverse(f"portal:{name}"))

    assert answer.status_code == 200
    assert not answer.cookies


@pytest.mark.parametrize("name", PUBLIC_PAGES)
def test_public_pages_cost_a_visitor_no_query(client, db, django_assert_num_queries, name):
    with django_assert_num_queries(0):
        client.get(reverse(f"portal:{name}"))


def test_home_says_what_waits_in_order_of_date(world, sign_in, todos):
    today = timezone.localdate()
    todos += [
        registries.Todo("Sans date", "", "/a", "film"),
        registries.Todo("Demain", "", "/b", "film", today + timedelta(days=1), 10),
        registries.Todo("Hier", "", "/c", "film", today - timedelta(days=1)),
    ]

    shown = page(sign_in(world.amina), "home")

    assert "Bonjour Amina" in shown
    assert "Trois choses vous attendent." in shown
    assert shown.index("Hier") < shown.index("Demain") < shown.index("Sans date")
    assert "demain</span>" in shown
    assert "à votre rythme" in shown
    assert "environ 10 min" in shown


def test_home_of_somebody_whom_nothing_presses(world, sign_in):
    shown = page(sign_in(world.amina), "home")

    assert "Rien d’urgent." in shown
    assert "Vous avez tout lu." in shown
    assert reverse("networks:group_page", args=[world.here.group.pk]) in shown  # my group


def test_home_shows_my_unread_notices_and_nobody_elses(world, sign_in):
    Notice.objects.create(person=world.amina, kind="x", key="1", title="Bruno a commenté", path="/films/")
    Notice.objects.create(person=world.amina, kind="x", key="2", title="Déjà lu", read_at=timezone.now())
    Notice.objects.create(person=world.bruno, kind="x", key="3", title="Pour Bruno seul")

    shown = page(sign_in(world.amina), "home")

    assert "Bruno a commenté" in shown
    assert "Déjà lu" not in shown
    assert "Pour Bruno seul" not in shown
    assert '1<span class="invisible"> non lu</span>' in shown  # on the bell


@pytest.mark.parametrize("name", ["home", "year"])
def test_pages_cost_the_same_with_one_row_and_with_three(world, sign_in, django_assert_max_num_queries, todos, name):
    client = sign_in(world.amina)
    counts = []
    for number in (1, 3):
        for index in range(number):
            key = f"{number}-{index}"
            Notice.objects.create(person=world.amina, kind="x", key=key, title="Un avis", path="/")
            group = MutualisationGroup.objects.create(network=world.here.network, name=key, adviser=world.adviser)
            w.join(world.amina, group)
        w.post(
            world.amina, Role.HEAD_TEACHER, world.here.schools[1], starts_on=timezone.localdate() + timedelta(number)
        )
        with django_assert_max_num_queries(24) as queries:
            client.get(reverse(f"portal:{name}"))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_my_year_tells_roles_groups_and_kindly_no_date(world, sign_in):
    shown = page(sign_in(world.amina), "year")

    assert "Professeur des écoles" in shown
    assert "École 1 (Commune 1)" in shown
    assert "CE1" in shown
    assert "24 élèves" in shown
    assert "depuis le 1er septembre" in shown
    assert "Lire en GS" in shown
    assert "Problèmes au CE1" not in shown  # not my group
    assert "Aucune date pour l’instant." in shown


def test_my_year_of_somebody_who_left(world, sign_in):
    shown = page(sign_in(world.former), "year")

    assert "jusqu’au" in shown or "Aucune fonction" in shown
    assert "membre d’aucun groupe" in shown


def test_the_navigation_says_where_one_is(world, sign_in):
    client = sign_in(world.amina)

    home = page(client, "home")
    profile = page(client, "profile")

    assert f'href="{reverse("portal:home")}" aria-current="page"' in home
    assert "aria-current" not in profile.split("<main")[0]


@pytest.mark.parametrize(
    "page", ["project_list", "project_new", "film_deposit", "grid_list", "collection_list", "sheet_list"]
)
def test_films_are_the_place_of_all_that_stands_around_films(world, sign_in, page):
    header = sign_in(world.amina).get(reverse(f"videos:{page}")).content.decode().split("<main")[0]
    assert f'href="{reverse("videos:film_list")}" aria-current="true"' in header


def test_only_those_who_may_see_the_button_and_the_entries(world, sign_in):
    teacher = page(sign_in(world.amina), "home")
    assert "Déposer" in teacher
    assert "Administration" not in teacher
    student = page(sign_in(world.student), "home")
    assert "Déposer" not in student
    inspector = page(sign_in(world.inspector), "home")
    assert "Administration" in inspector


def test_signing_out_is_a_post_with_its_token(world, sign_in):
    header = page(sign_in(world.amina), "home").split("<main")[0]

    assert f'method="post" action="{reverse("account_logout")}"' in header
    assert 'name="csrfmiddlewaretoken"' in header


def test_my_name_is_kept_as_i_write_it(world, sign_in):
    client = sign_in(world.amina)

    answer = client.post(reverse("portal:profile_save"), {"first_name": " Aminata ", "last_name": "Petit-Lemoine"})

    assert answer.url == reverse("portal:profile")
    world.amina.refresh_from_db()
    assert world.amina.get_full_name() == "Aminata Petit-Lemoine"
    assert world.amina.history.first().history_user == world.amina
    assert "Votre nom est enregistré." in client.get(answer.url).content.decode()


@pytest.mark.parametrize("first_name", ["", "   ", "A" * 81, "Ami\u202ena", "Ami\nna"])
def test_a_bad_name_is_refused_near_its_field_and_nothing_is_lost(world, sign_in, first_name):
    client = sign_in(world.amina)

    answer = client.post(reverse("portal:profile_save"), {"first_name": first_name, "last_name": "Nouveau"})

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in shown
    assert 'value="Nouveau"' in shown
    assert "Amina Petit" in shown.split("<main")[0]  # the header still says the name as it is
    world.amina.refresh_from_db()
    assert world.amina.get_full_name() == "Amina Petit"


def test_search_finds_within_ones_reach(world, sign_in):
    team = page(sign_in(world.inspector), "search", q="petit")
    assert "Bruno Petit" in team
    assert MARK not in team

    nothing = page(sign_in(world.inspector), "search", q="zzzz")
    assert "Rien à ce nom." in nothing


@pytest.mark.parametrize("words", ["a", " ", "'\"<script>", "%", "é" * 5000, "AND OR NOT *"])
def test_search_takes_anything(world, sign_in, words):
    answer = sign_in(world.inspector).get(reverse("portal:search"), {"q": words})

    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().split("<main")[1]


def test_search_answers_htmx_with_its_part_alone(world, sign_in):
    client = sign_in(world.inspector)
    url = reverse("portal:search", query={"q": "petit"})

    part = client.get(url, headers={"HX-Request": "true"})

    assert "HX-Request" in part.headers["Vary"]
    assert "<html" not in part.content.decode()
    assert part.content.decode().strip() in client.get(url).content.decode()


def test_the_home_page_opens_the_tools_of_the_team(world, sign_in):
    html = page(sign_in(world.secretary), "home")

    tools = html.partition('id="equipe"')[2].partition("</section>")[0]
    assert reverse("imports:run_list") in tools
    assert reverse("admin:index") in tools
    assert "regarder une classe" not in html  # who is of no group has no class to watch


def test_the_home_page_of_a_teacher_has_no_tools_of_the_team(world, sign_in):
    assert 'id="equipe"' not in page(sign_in(world.amina), "home")


@pytest.mark.parametrize(("count", "says"), [(7, False), (9, True)])
def test_a_search_that_finds_too_much_says_how_to_find_better(world, sign_in, count, says):
    for rank in range(count):
        w.person(f"homonyme{rank}@ecole.test", "Zoé", f"Homonyme {rank}")
    html = page(sign_in(world.superuser), "search", q="homonyme")

    assert ("Ajoutez un mot" in html) is says
