"""Draw indicators before and after: one line each, on an axis that starts at zero, alike for those of one unit.

Places are shares of the width, so that a phone draws the same line with letters of the same size.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from networks.experiments import rules
from networks.models import Indicator

LEFT, RIGHT = 7.0, 93.0  # of a hundred: room for half a figure on both sides
CLOSE = 14.0  # of a hundred: two figures nearer than that would overlap
STEPS = [Decimal(step) for step in ("1", "1.5", "2", "2.5", "3", "4", "5", "8", "10")]  # of round numbers
DOT, POINT = 7, 4  # px
WIDTH, HEIGHT, MIDDLE = 460, 40, 20  # px, on paper


@dataclass(frozen=True)
class Value:
    value: Decimal
    on: date | None


@dataclass(frozen=True)
class Measured:
    """What is drawn of one indicator."""

    name: str
    unit: str
    before: Value | None
    after: Value | None
    points: Sequence[Value] = ()


def measured_of(indicator: Indicator) -> Measured:
    """Return what is drawn of an indicator, with the points that its query brought."""
    before = None if indicator.before is None else Value(indicator.before, indicator.before_on)
    after = None if indicator.after is None else Value(indicator.after, indicator.after_on)
    points = [Value(point.value, point.on) for point in indicator.points.all()]
    return Measured(indicator.name, indicator.unit, before, after, points)


@dataclass(frozen=True)
class Tick:
    text: str
    x: str  # « 12.5% »
    anchor: str  # of SVG: start, middle or end


@dataclass(frozen=True)
class Line:
    """One indicator, ready to be drawn: `x` are shares of the width, as SVG reads them."""

    summary: str
    ticks: list[Tick]
    zero: str
    before: Tick | None = None
    after: Tick | None = None
    points: list[str] = field(default_factory=list)


def scale_of(values: Iterable[Decimal], unit: str) -> tuple[Decimal, Decimal]:
    """Return the ends of an axis that holds zero and all these values; a percentage goes to 100 at least."""
    values = [Decimal(0), *values]
    low, high = min(values), max(values)
    if unit.strip() == "%":
        high = max(high, Decimal(100))
    return -_rounded_up(-low), _rounded_up(high) or (Decimal(0) if low < 0 else Decimal(1))


def _rounded_up(value: Decimal) -> Decimal:
    """The round number just above: 1, 2, 2.5, 5 or 10 of its own size."""
    if value <= 0:
        return Decimal(0)
    size = Decimal(10) ** math.floor(value.log10())
    return next(step * size for step in STEPS if step * size >= value)


def lines(measured: Sequence[Measured]) -> list[Line]:
    """Draw each indicator; those that count the same thing share one axis, or the eye would compare what it cannot."""
    of_unit: dict[str, list[Decimal]] = {}
    for one in measured:
        of_unit.setdefault(one.unit.strip(), []).extend(value.value for value in _all(one))
    scales = {unit: scale_of(values, unit) for unit, values in of_unit.items()}
    return [_line(one, *scales[one.unit.strip()]) for one in measured]


def _all(one: Measured) -> list[Value]:
    return [value for value in (one.before, *one.points, one.after) if value is not None]


def _line(one: Measured, low: Decimal, high: Decimal) -> Line:
    def share(value: Decimal) -> float:
        return LEFT + (RIGHT - LEFT) * float((value - low) / (high - low))

    marks = sorted({low, Decimal(0), high})
    if low < 0 and min(share(Decimal(0)) - LEFT, RIGHT - share(Decimal(0))) < CLOSE:
        marks = [low, high]  # no room for the figure of zero: its line stands all the same
    before, after = (_dot(value, share) for value in (one.before, one.after))
    if before and after and one.before and one.after:
        before, after = _apart(before, after, share(one.before.value), share(one.after.value))
    return Line(
        summary=summary(one),
        ticks=[Tick(rules.number(mark), _percent(share(mark)), "middle") for mark in marks],
        zero=_percent(share(Decimal(0))),
        before=before,
        after=after,
        points=[_percent(share(point.value)) for point in one.points],
    )


def _dot(value: Value | None, share: Callable[[Decimal], float]) -> Tick | None:
    if value is None:
        return None
    return Tick(rules.number(value.value), _percent(share(value.value)), "middle")


def _apart(before: Tick, after: Tick, at: float, to: float) -> tuple[Tick, Tick]:
    """Turn away from each other the figures of two dots that stand close together."""
    if abs(to - at) >= CLOSE:
        return before, after
    first, second = ("end", "start") if at <= to else ("start", "end")
    return Tick(before.text, before.x, first), Tick(after.text, after.x, second)


def _percent(share: float) -> str:
    return f"{share:.2f}%"


def summary(one: Measured) -> str:
    """Say an indicator in one sentence, for whoever reads rather than looks."""
    before, after = (value and rules.with_unit(value.value, one.unit) for value in (one.before, one.after))
    if one.before and one.after:
        return f"De {before} à {after} ({rules.change(one.before.value, one.after.value, one.unit)})."
    if before:
        return f"Avant\u00a0: {before}. Pas encore de valeur après."
    return f"Après\u00a0: {after}. Pas de valeur avant." if after else "Aucune valeur n’est encore notée."


def on_paper(line: Line) -> str:
    """Write one line as an SVG of its own, without a letter: the table beside it says the figures."""

    def px(x: str) -> str:
        return f"{float(x[:-1]) * WIDTH / 100:.1f}"

    drawn = [f'<line x1="{px(f"{LEFT}%")}" x2="{px(f"{RIGHT}%")}" y1="{MIDDLE}" y2="{MIDDLE}" stroke="#9a9a9a"/>']
    drawn.append(f'<line x1="{px(line.zero)}" x2="{px(line.zero)}" y1="8" y2="32" stroke="#595959"/>')
    if line.before and line.after:
        ends = f'x1="{px(line.before.x)}" x2="{px(line.after.x)}"'
        drawn.append(f'<line {ends} y1="{MIDDLE}" y2="{MIDDLE}" stroke="#1b5e4f" stroke-width="4"/>')
    ring = 'fill="#fff" stroke="#1b5e4f"'
    drawn += [f'<circle cx="{px(x)}" cy="{MIDDLE}" r="{POINT}" {ring} stroke-width="2"/>' for x in line.points]
    if line.before:
        drawn.append(f'<circle cx="{px(line.before.x)}" cy="{MIDDLE}" r="{DOT}" {ring} stroke-width="3"/>')
    if line.after:
        drawn.append(f'<circle cx="{px(line.after.x)}" cy="{MIDDLE}" r="{DOT}" fill="#1b5e4f"/>')
    box = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0,0,{WIDTH},{HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{"".join(drawn)}</svg>'
