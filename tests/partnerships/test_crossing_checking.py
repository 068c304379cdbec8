"""Visits or a certificate that are not what they say fail the checker."""

from dataclasses import replace

import pytest
from django.conf import settings

from circo.optimal.proofs import Certificate
from partnerships.crossing.certifying import as_bytes, certificate_of
from partnerships.crossing.checking import faults_of
from partnerships.crossing.counting import values_of
from partnerships.crossing.problem import Plan
from partnerships.crossing.solving import solve
from tests.partnerships.crossing_things import SHAPES, drawn
from tests.partnerships.proving import values_bounds_and_goals_are_read, with_proof


@pytest.fixture(params=SHAPES)
def proved(request):
    for seed in range(4, 20):  # where integers prove all goals that add visits up
        problem = drawn(seed, SHAPES[request.param])
        solution = solve(problem)
        plan, certificate = solution.plan(problem), certificate_of(problem, solution)
        assert faults_of(problem, plan, certificate) == set()
        if certificate.proofs[-3].prices and any(line not in problem.decisions.locks for line in plan.visits):
            break
    return problem, plan, certificate


def test_the_checker_is_short_and_imports_nothing_of_the_solver():
    lines = (settings.BASE_DIR / "partnerships/crossing/checking.py").read_text().splitlines()
    code = [line for line in lines if line.strip() and not line.strip().startswith(("#", '"""'))]
    assert 20 < len(code) <= 60
    for file in ("checking", "counting"):
        text = (settings.BASE_DIR / f"partnerships/crossing/{file}.py").read_text()
        assert not any(f"{word} import" in text for word in ("solving", "columns", "helping", "climbing", "scipy"))


def test_each_visit_taken_away_or_changed_is_seen(proved):
    problem, plan, certificate = proved
    seen = 0
    for number, visit in enumerate(plan.visits):
        fewer = plan.visits[:number] + plan.visits[number + 1 :]
        assert faults_of(problem, Plan(fewer), certificate)
        for host in problem.hosts:
            other = Plan(tuple(sorted([*fewer, replace(visit, host=host.key)])))
            if host.key != visit.host and not faults_of(problem, other, certificate):
                assert values_of(problem, plan) == values_of(problem, other)
            elif host.key != visit.host:
                seen += 1
    assert seen > 20


def test_each_price_changed_is_seen(proved):
    problem, plan, certificate = proved
    slots = len(problem.half_days)
    left = [max(host.most - host.past, 0) for host in problem.hosts]
    caps = (
        [1] * len(problem.visitors) * slots,
        [host.room(half_day) for host in problem.hosts for half_day in problem.half_days],
        left,
        [slots if one.most is None else one.most for one in problem.visitors],
        [1] * len(problem.pairs),
    )
    seen = 0
    for at, proof in enumerate(certificate.proofs):
        for kind in range(5 if proof.prices else 0):
            for number in range(proof.prices[kind].size):
                prices = [one.copy() for one in proof.prices]
                prices[kind].ravel()[number] += 1
                found = faults_of(problem, plan, with_proof(certificate, at, prices=tuple(prices)))
                assert "price" in found or not caps[kind][number]
                seen += 1
    assert seen > 50


def test_visits_returned_are_paid_by_their_rows():
    """A row of visits returned that is paid less than it gives, or that lowers a visit too far, is seen."""
    seen = 0
    for seed in range(30):
        problem = drawn(seed, SHAPES["plain"])
        solution = solve(problem)
        plan, certificate = solution.plan(problem), certificate_of(problem, solution)
        proof = certificate.proofs[-3]
        for number in range(proof.prices[5].size if proof.prices else 0):
            if proof.prices[5][number] > 0:
                prices = [one.copy() for one in proof.prices]
                prices[5][number] = 0
                seen += "price" in faults_of(problem, plan, with_proof(certificate, 2, prices=tuple(prices)))
    assert seen > 3


def test_a_value_a_bound_or_a_goal_that_is_not_the_plan_s_is_seen(proved):
    values_bounds_and_goals_are_read(faults_of, *proved)


def test_each_hard_rule_is_read_again(proved):
    """The data change, the plan does not: it breaks a rule that the choices do not show."""
    problem, plan, certificate = proved
    visit = plan.visits[0]
    visitor, host = problem.visitor_at[visit.visitor], problem.host_at[visit.host]

    def with_host(**changed):
        hosts = list(problem.hosts)
        hosts[host] = replace(hosts[host], **changed)
        return replace(problem, hosts=tuple(hosts))

    def decided(**changed):
        return replace(problem, decisions=replace(problem.decisions, **changed))

    slow = replace(problem.rules, half_day_min=0)
    idle = list(problem.visitors)
    idle[visitor] = replace(idle[visitor], most=0)
    pair = frozenset({(visit.visitor, visit.host)})
    broken = {
        "rule": [
            with_host(teaching=frozenset()),
            decided(met=pair),
            decided(forbidden=pair),
            replace(problem, rules=slow),
        ],
        "room": [with_host(at_once=0), with_host(most=0), replace(problem, visitors=tuple(idle))],
        "lock": [decided(locks=frozenset({replace(visit, host="x")}))],
    }
    for fault, problems in broken.items():
        for changed in problems:
            assert fault in faults_of(changed, plan, certificate)


def test_two_places_at_once_the_same_class_twice_and_no_choice_are_seen():
    problem = drawn(3, SHAPES["plain"])
    solution = solve(problem)
    plan, certificate = solution.plan(problem), certificate_of(problem, solution)
    choices = [problem.visit(number) for number in range(len(problem.choices.visitor))]
    known = set(plan.visits)
    at_once = next(one for one in choices if one not in known and (one.visitor, one.half_day) in plan.by_visitor)
    assert "room" in faults_of(problem, Plan((*plan.visits, at_once)), certificate)
    stranger = replace(plan.visits[0], host="x")
    assert faults_of(problem, Plan((*plan.visits, stranger)), certificate) == {"visit"}


def test_a_certificate_is_read_again_as_it_was_written(proved):
    problem, plan, certificate = proved
    again = Certificate.from_data(certificate.as_data)
    assert faults_of(problem, plan, again) == set()
    assert as_bytes(plan, again) == as_bytes(plan, certificate)
