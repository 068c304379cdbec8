"""A placement or a certificate that is not what it says fails the checker."""

from dataclasses import replace

import pytest
from django.conf import settings

from circo.optimal.proofs import Certificate
from partnerships.placing.certifying import as_bytes, certificate_of
from partnerships.placing.checking import faults_of
from partnerships.placing.counting import values_of
from partnerships.placing.problem import Plan
from partnerships.placing.solving import solve
from tests.partnerships.placing_things import SHAPES, drawn
from tests.partnerships.proving import values_bounds_and_goals_are_read, with_proof


@pytest.fixture(params=["pairs", "locks", "published", "others", "crowded"])
def proved(request):
    for seed in range(4, 12):  # where integers prove the first goals
        problem = drawn(seed, SHAPES[request.param])
        solution = solve(problem)
        plan, certificate = solution.plan(problem), certificate_of(problem, solution)
        assert faults_of(problem, plan, certificate) == set()
        if certificate.proofs[1].prices:
            break
    return problem, plan, certificate


def test_the_checker_is_short_and_imports_nothing_of_the_solver():
    lines = (settings.BASE_DIR / "partnerships/placing/checking.py").read_text().splitlines()
    code = [line for line in lines if line.strip() and not line.strip().startswith(("#", '"""'))]
    assert 20 < len(code) <= 60
    for file in ("checking", "counting"):
        text = (settings.BASE_DIR / f"partnerships/placing/{file}.py").read_text()
        assert not any(f"{word} import" in text for word in ("solving", "columns", "helping", "climbing", "scipy"))


def test_each_line_taken_away_or_changed_is_seen(proved):
    problem, plan, certificate = proved
    seen = 0
    choices = [problem.line(number) for number in range(len(problem.choices.party))]
    for number, line in enumerate(plan.lines):
        fewer = plan.lines[:number] + plan.lines[number + 1 :]
        assert faults_of(problem, Plan(fewer), certificate)
        for other in choices:
            if other.party == line.party and other.host != line.host:
                found = faults_of(problem, Plan(tuple(sorted([*fewer, other]))), certificate)
                assert found or values_of(problem, plan) == values_of(problem, Plan(tuple(sorted([*fewer, other]))))
                seen += bool(found)
    assert seen > 10


def test_each_price_changed_is_seen(proved):
    problem, plan, certificate = proved
    seen = 0
    for at, proof in enumerate(certificate.proofs):
        for kind in range(4 if proof.prices else 0):
            for number in range(proof.prices[kind].size):
                prices = [one.copy() for one in proof.prices]
                prices[kind].ravel()[number] += 1
                found = faults_of(problem, plan, with_proof(certificate, at, prices=tuple(prices)))
                if _caps(problem)[kind][number]:
                    assert "price" in found
                    seen += 1
    assert seen > 50


def _caps(problem):
    hosts, unit = problem.hosts, problem.unit
    years = [max(host.most - host.past, 0) // unit for host in hosts]
    schools = [problem.rules.left_in(one, period) // unit for one in problem.schools for period in range(2)]
    seats = [host.left(one) // unit for host in hosts for one in problem.half_days]
    return [1] * len(problem.parties), seats, years, schools


def test_a_value_a_bound_or_a_goal_that_is_not_the_plan_s_is_seen(proved):
    values_bounds_and_goals_are_read(faults_of, *proved)


def test_each_hard_rule_is_read_again(proved):
    """The data change, the plan does not: it breaks a rule that the choices do not show."""
    problem, plan, certificate = proved
    line = next(one for one in plan.lines if one not in problem.decisions.locks)
    party, host = problem.party_at[line.party], problem.host_at[line.host]
    first = next(one for kind in line.days for one in kind)

    def with_party(**changed):
        parties = list(problem.parties)
        parties[party] = replace(parties[party], **changed)
        return replace(problem, parties=tuple(parties))

    def with_host(**changed):
        hosts = list(problem.hosts)
        hosts[host] = replace(hosts[host], **changed)
        return replace(problem, hosts=tuple(hosts))

    one = problem.parties[party]
    nearby = tuple(replace(student, limit_min=1) for student in one.students)
    more = replace(one.programme, observation=one.programme.observation + 1)
    forbidden = frozenset({(line.party, line.host)})
    broken = {
        "rule": [
            with_party(away=frozenset({first})),
            with_party(students=nearby),
            with_party(programme=more),
            with_host(offers={}),
            replace(problem, decisions=replace(problem.decisions, forbidden=forbidden)),
        ],
        "room": [
            with_host(seats=0),
            with_host(most=0),
            with_host(taken={first: problem.hosts[host].seats}),
            replace(problem, rules=replace(problem.rules, school_most=0)),
        ],
        "lock": [replace(problem, decisions=replace(problem.decisions, locks=frozenset({replace(line, host="x")})))],
    }
    for fault, problems in broken.items():
        for changed in problems:
            assert fault in faults_of(changed, plan, certificate)


def test_a_party_twice_and_a_line_that_is_no_choice_are_seen():
    problem = drawn(4, SHAPES["pairs"])
    solution = solve(problem)
    plan, certificate = solution.plan(problem), certificate_of(problem, solution)
    lines = [problem.line(number) for number in range(len(problem.choices.party))]
    other = next(line for line in lines if line.party == plan.lines[0].party and line != plan.lines[0])
    assert "room" in faults_of(problem, Plan((*plan.lines, other)), certificate)
    turned = replace(plan.lines[0], days=tuple(reversed(plan.lines[0].days)))
    assert faults_of(problem, Plan((turned, *plan.lines[1:])), certificate) == {"line"}


def test_a_certificate_is_read_again_as_it_was_written(proved):
    problem, plan, certificate = proved
    again = Certificate.from_data(certificate.as_data)
    assert faults_of(problem, plan, again) == set()
    assert as_bytes(plan, again) == as_bytes(plan, certificate)
