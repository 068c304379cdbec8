"""Certificates that are changed by one thing, for the checkers of placements and of visits alike."""

from __future__ import annotations

from dataclasses import replace

from circo.optimal.proofs import Certificate


def with_proof(certificate: Certificate, at: int, **changed) -> Certificate:
    proofs = list(certificate.proofs)
    proofs[at] = replace(proofs[at], **changed)
    return Certificate(tuple(proofs), certificate.is_stopped)


def values_bounds_and_goals_are_read(faults_of, problem, plan, certificate: Certificate) -> None:
    """Fail unless the checker sees each value, bound and goal that is not the plan's."""
    for at, proof in enumerate(certificate.proofs[:-1]):
        assert "value" in faults_of(problem, plan, with_proof(certificate, at, value=proof.value + 1))
        assert "value" in faults_of(problem, plan, with_proof(certificate, at, bound=proof.value - 1))
        assert "goals" in faults_of(problem, plan, with_proof(certificate, at, bound=proof.value + 1))
    assert "goals" in faults_of(problem, plan, replace(certificate, proofs=certificate.proofs[1:]))
    assert "goals" in faults_of(problem, plan, replace(certificate, is_stopped=True))
