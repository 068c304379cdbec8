"""A plan and what proves it, as plain data; its prices are of needs, of half-days of substitutes, and of limits."""

from __future__ import annotations

import json
from typing import Any

from circo.optimal.proofs import Certificate
from events.cover.problem import Plan


def as_data(plan: Plan, certificate: Certificate) -> dict[str, Any]:
    """A plan and its certificate as plain data."""
    return {"links": [list(link) for link in plan.links]} | certificate.as_data


def as_bytes(plan: Plan, certificate: Certificate) -> bytes:
    """The same as bytes: equal for the same problem, whatever the order of its parts and the machine."""
    return json.dumps(as_data(plan, certificate), separators=(",", ":"), ensure_ascii=False).encode()


def from_data(data: dict[str, Any]) -> tuple[Plan, Certificate]:
    """Read again what `as_data` wrote."""
    return Plan(tuple((need, key) for need, key in data["links"])), Certificate.from_data(data)
