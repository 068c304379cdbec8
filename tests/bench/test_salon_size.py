"""Salons at the size of a département: 200 of them, 500,000 messages; as many queries as for one message."""

from __future__ import annotations

import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from networks.models import Salon
from networks.salons import live, queries
from tests.networks.salon_things import salon_of

SALONS, MESSAGES = 200, 500_000
EACH = MESSAGES // SALONS
PAGE_WITHIN_S = 1.0  # generous: the other work of the machine is in it
NUMBERS = {
    "postgresql": "SELECT generate_series(1, %s) AS n",
    "sqlite": "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < %s) SELECT n FROM t",
}
FILL = """
INSERT INTO networks_post (salon_id, author_id, seq, changed_seq, text, answer_count, created_at, hidden_reason)
SELECT s.id, %s, numbers.n, numbers.n, 'Un message de taille ordinaire, et quelques mots.', 0, CURRENT_TIMESTAMP, ''
FROM networks_salon s, ({numbers}) AS numbers
"""


@pytest.fixture
def full(world) -> Salon:
    salons = [salon_of(world.here.district, title=f"Salon {number}") for number in range(SALONS)]
    with connection.cursor() as cursor:
        cursor.execute(FILL.format(numbers=NUMBERS[connection.vendor]), [world.chloe.pk, EACH])
        cursor.execute("ANALYZE")
    Salon.objects.update(last_seq=EACH)
    return Salon.objects.get(pk=salons[0].pk)


@pytest.mark.bench
@pytest.mark.django_db
def test_pages_cost_the_same_with_half_a_million_messages(world, full, monkeypatch):
    client = Client()
    client.force_login(world.amina)
    page = reverse("networks:salon_page", args=[full.pk])
    costs = {}
    for name, path in {
        "list": reverse("networks:salon_list"),
        "last": page,
        "middle": f"{page}?autour={EACH // 2}",
        "first": f"{page}?apres=0",
        "search": f"{page}?q=ordinaire+mots",
        "changes": reverse("networks:salon_changes", args=[full.pk], query={"n": EACH - 3}),
    }.items():
        client.get(path)
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        costs[name] = (len(seen), round(time.perf_counter() - began, 3))
    assert all(count <= 17 for count, _ in costs.values()), costs
    assert all(seconds < PAGE_WITHIN_S for _, seconds in costs.values()), costs
    assert live.changes(full.pk, EACH - 3).seq == EACH
    assert queries.hearers(full.pk, [world.amina.pk, world.denis.pk]) == {world.amina.pk}
