"""A page asks as many questions of the database whether it has 1 row, 3 rows or 3,000."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.bench.growing import grow, scene_of
from tests.bench.pages import PAGES

# Of the whole visit: session, person, rights, second factor, notices, and the page itself. A film's page is the
# richest: its record, player, captions, chapters, the place kept, the discussion and copies each ask one or two.
MOST = 14
# Pages that gather what several rooms have to say: each asks its own one to three questions.
GATHERING = {
    "Recherche": 27,  # each sort of text: people, schools, groups, films, all that is said of films, salons…
    "Agenda": 19,  # days, sharing days, workshops, festivals, missions, meetings, visits, sessions of paths
    "À faire": 35,  # what waits: films, papers, meetings, visits, wishes, hours, practices to show
    "Mon année": 24,  # dates, hours, groups, roles
    "Un salon": 18,  # messages, answers, files, quotes, reactions, pins, draft, marks
    "Pilotage": 16,
    "Classes à visiter": 22,  # the classes, seats taken, holidays, closures, the map, and all that keeps somebody busy
    "Un groupe": 24,  # members, meetings, salons, experiments, visits
}
IDS = [f"{page.who}-{page.name}".replace(" ", "_") for page in PAGES]


def queries_of(client, url):
    """The statements of one visit, once the session and Django's own small caches are warm."""
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            response = client.get(url)
        assert response.status_code == 200, (url, response.status_code)
    return [query["sql"] for query in seen.captured_queries]


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_one_row_or_three_cost_the_same_queries(world, sign_in, page):
    scene = scene_of(world)
    client = sign_in(scene.people[page.who])
    grow(scene, range(1, 2))
    with_one = queries_of(client, page.url(scene))
    grow(scene, range(2, 4))
    with_three = queries_of(client, page.url(scene))
    assert len(with_three) == len(with_one)
    assert len(with_three) <= GATHERING.get(page.name, MOST)
