"""A plan or a certificate that is not what it says fails the checker."""

from dataclasses import replace

import pytest
from django.conf import settings

from circo.optimal.proofs import Certificate
from circo.optimal.watching import Watch
from events.cover.certifying import certificate_of
from events.cover.checking import faults_of
from events.cover.problem import Plan
from events.cover.proofs import as_data, from_data
from events.cover.solving import solve
from tests.events.cover_things import Shape, drawn

SHAPES = [Shape(classes=8, substitutes=6), Shape(classes=8, substitutes=6, half_days=0.4, locks=3, has_limits=True)]


@pytest.fixture(params=SHAPES, ids=["matching", "half-days"])
def proved(request):
    problem = drawn(12, request.param)
    solution = solve(problem)
    plan, certificate = solution.plan(problem), certificate_of(problem, solution)
    assert faults_of(problem, plan, certificate) == set()
    return problem, plan, certificate


def test_the_checker_is_short_and_imports_nothing_of_the_solver():
    lines = (settings.BASE_DIR / "events/cover/checking.py").read_text().splitlines()
    code = [line for line in lines if line.strip() and not line.strip().startswith(("#", '"""'))]
    assert 20 < len(code) <= 50
    for file in ("checking", "counting", "proofs"):
        text = (settings.BASE_DIR / f"events/cover/{file}.py").read_text()
        assert not any(f"{word} import" in text for word in ("solving", "columns", "bundles", "climbing", "scipy"))


def test_each_pair_taken_away_or_changed_is_seen(proved):
    problem, plan, certificate = proved
    seen = 0
    for number, (need, key) in enumerate(plan.links):
        fewer = plan.links[:number] + plan.links[number + 1 :]
        assert faults_of(problem, Plan(fewer), certificate)
        for other in problem.substitutes:
            if other.key != key:
                assert faults_of(problem, Plan(tuple(sorted([*fewer, (need, other.key)]))), certificate)
                seen += 1
    assert seen > 30


def test_each_price_changed_is_seen(proved):
    problem, plan, certificate = proved
    seen = 0
    for at, proof in enumerate(certificate.proofs):
        for kind in range(3 if proof.prices else 0):
            for number in range(proof.prices[kind].size):
                prices = [one.copy() for one in proof.prices]
                prices[kind].ravel()[number] += 1
                if kind == 2 and problem.substitutes[number].most is None:
                    continue  # no limit: nothing is bought there
                assert "price" in faults_of(problem, plan, with_proof(certificate, at, prices=tuple(prices)))
                seen += 1
    assert seen > 50


def with_proof(certificate, at, **changed):
    proofs = list(certificate.proofs)
    proofs[at] = replace(proofs[at], **changed)
    return Certificate(tuple(proofs), certificate.is_stopped)


def test_a_value_a_bound_or_a_goal_that_is_not_the_plan_s_is_seen(proved):
    problem, plan, certificate = proved
    for at, proof in enumerate(certificate.proofs[:-1]):
        assert "value" in faults_of(problem, plan, with_proof(certificate, at, value=proof.value + 1))
        assert "value" in faults_of(problem, plan, with_proof(certificate, at, bound=proof.value - 1))
        assert "goals" in faults_of(problem, plan, with_proof(certificate, at, bound=proof.value + 1))
    assert "goals" in faults_of(problem, plan, replace(certificate, proofs=certificate.proofs[1:]))
    assert "goals" in faults_of(problem, plan, replace(certificate, is_stopped=True))


def test_each_hard_rule_is_read_again(proved):
    """The data change, the plan does not: it breaks a rule that the pairs do not show."""
    problem, plan, certificate = proved
    need_key, key = plan.links[0]
    need, one = problem.need_at[need_key], problem.substitute_at[key]

    def with_substitute(**changed):
        staff = list(problem.substitutes)
        staff[one] = replace(staff[one], **changed)
        return replace(problem, substitutes=tuple(staff))

    refused = frozenset(problem.needs[need].levels)
    forbidden = frozenset({(problem.needs[need].class_key, key)})
    broken = {
        "rule": [
            with_substitute(free=frozenset()),
            with_substitute(refused=refused),
            with_substitute(most=0),
            replace(problem, forbidden=forbidden),
        ],
        "lock": [replace(problem, locks=problem.locks | {(need_key, "personne")})],
        "pair": [replace(problem, rules=replace(problem.rules, limit_m=-1))],
    }
    for fault, problems in broken.items():
        for changed in problems:
            assert fault in faults_of(changed, plan, certificate)


def test_nobody_twice():
    problem = drawn(12, SHAPES[0])
    solution = solve(problem)
    plan, certificate = solution.plan(problem), certificate_of(problem, solution)
    both = next(
        (links, other)
        for links in plan.links
        for number in range(len(problem.pairs.need))
        for other in [problem.link(number)]
        if other[1] == links[1] and other[0] != links[0] and other[0][-10:] == links[0][-10:]
    )
    assert "twice" in faults_of(problem, Plan(tuple(sorted({*plan.links, both[1]}))), certificate)


def test_a_certificate_is_read_again_as_it_was_written(proved):
    problem, plan, certificate = proved
    again, proofs = from_data(as_data(plan, certificate))
    assert again == plan
    assert faults_of(problem, again, proofs) == set()


def test_a_stopped_plan_shows_its_gap():
    problem = drawn(12, SHAPES[0])
    gaps = []
    for calls in range(1, 9):
        asked = iter(range(100))
        solution = solve(problem, Watch(asks_to_stop=lambda asked=asked, calls=calls: next(asked) >= calls))
        certificate = certificate_of(problem, solution)
        assert faults_of(problem, solution.plan(problem), certificate) == set()
        gaps.append([proof.name for proof in certificate.proofs if proof.gap])
        assert certificate.is_stopped or not gaps[-1]
    assert any(gaps)
