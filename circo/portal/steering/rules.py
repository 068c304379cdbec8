"""Pure rules of the steering page: how people go from year to year, and how that is drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from networks.groups.rules import STAGE_LABELS, Stage

STAGES = tuple(stage.value for stage in Stage)
GONE = "GONE"
ORDER = (*reversed(STAGES), GONE)  # from top to bottom: relays above, who is no more there below
GONE_LABEL = "Ne sont plus là"
LABELS = {stage.value: label.capitalize() for stage, label in STAGE_LABELS.items()} | {GONE: GONE_LABEL}
SHORT_LABELS = {"FIRST_YEAR": "1re année", "SECOND_YEAR": "2e année", "RELAY": "Relais", GONE: GONE_LABEL}
LOOKS = {"FIRST_YEAR": "first", "SECOND_YEAR": "second", "RELAY": "relay", GONE: "gone"}  # in the style sheet
WIDTH, HEIGHT = 420.0, 260.0  # units of the drawing
TOP, GAP, BAR = 22.0, 12.0, 12.0


@dataclass(frozen=True)
class Flow:
    """So many people who were `before` in one year and `after` in the next. `step` counts years from the first."""

    step: int
    before: str
    after: str
    count: int


@dataclass(frozen=True)
class Bar:
    """All who were of one kind in one year, as a bar."""

    kind: str
    count: int
    x: float
    y: float
    height: float

    @property
    def label(self) -> str:
        return SHORT_LABELS[self.kind]

    @property
    def look(self) -> str:
        return LOOKS[self.kind]

    @property
    def is_last(self) -> bool:
        return self.x + BAR >= WIDTH

    @property
    def middle(self) -> float:
        return round(self.y + self.height / 2, 1)


@dataclass(frozen=True)
class Ribbon:
    """One flow, as the `d` of an SVG path."""

    flow: Flow
    path: str

    @property
    def look(self) -> str:
        return LOOKS[self.flow.before]


@dataclass(frozen=True)
class Column:
    """One year: its name, and where it is written."""

    label: str
    x: float
    anchor: str  # of SVG's text-anchor


@dataclass(frozen=True)
class Sankey:
    columns: tuple[Column, ...]
    bars: tuple[Bar, ...]
    ribbons: tuple[Ribbon, ...]
    width: float = WIDTH
    height: float = HEIGHT
    bar: float = BAR


def highest(stages: Iterable[str]) -> str:
    """The stage that counts for somebody who is in several groups."""
    return max(stages, key=STAGES.index)


def flows(careers: Iterable[Mapping[int, str]], years: int) -> list[Flow]:
    """Count who went from what to what. A career says the stage of one person by year, counted from the first."""
    counts: Counter[tuple[int, str, str]] = Counter()
    for career in careers:
        for step in range(years - 1):
            if step in career:
                counts[step, career[step], career.get(step + 1, GONE)] += 1
    return [Flow(*key, count) for key, count in sorted(counts.items(), key=lambda item: _order(item[0]))]


def _order(key: tuple[int, str, str]) -> tuple[int, int, int]:
    step, before, after = key
    return step, ORDER.index(before), ORDER.index(after)


def totals(careers: Iterable[Mapping[int, str]], years: int) -> list[dict[str, int]]:
    """How many of each kind there were in each year; those gone are counted in the first year without them."""
    found: list[dict[str, int]] = [dict.fromkeys(ORDER, 0) for _ in range(years)]
    for career in careers:
        for year, stage in career.items():
            found[year][stage] += 1
            if year + 1 < years and year + 1 not in career:
                found[year + 1][GONE] += 1
    return found


def sankey(years: Sequence[str], counts: Sequence[Mapping[str, int]], moved: Iterable[Flow]) -> Sankey:
    """Draw years as columns, kinds as bars, moves as ribbons between them.

    Bound: a bar is as high as its share of the fullest year; a kind that nobody is of has no bar.
    """
    bars = _bars(counts)
    left = {key: bar.y for key, bar in bars.items()}
    right = dict(left)
    unit = _unit(counts)
    ribbons = []
    for flow in moved:
        start, end = bars[flow.step, flow.before], bars[flow.step + 1, flow.after]
        thick = flow.count * unit
        y, y_2 = left[flow.step, flow.before], right[flow.step + 1, flow.after]
        left[flow.step, flow.before] += thick
        right[flow.step + 1, flow.after] += thick
        ribbons.append(Ribbon(flow, _ribbon(start.x + BAR, y, end.x, y_2, thick)))
    return Sankey(_columns(years), tuple(bars.values()), tuple(ribbons))


def _columns(years: Sequence[str]) -> tuple[Column, ...]:
    last = max(len(years) - 1, 1)
    anchors = ("start", *["middle"] * (len(years) - 2), "end") if len(years) > 1 else ("start",)
    return tuple(
        Column(year, round(number * WIDTH / last, 1), anchor)
        for number, (year, anchor) in enumerate(zip(years, anchors, strict=True))
    )


def _unit(counts: Sequence[Mapping[str, int]]) -> float:
    fullest = max((sum(column.values()) for column in counts), default=0)
    return (HEIGHT - TOP - GAP * len(ORDER)) / max(fullest, 1)


def _bars(counts: Sequence[Mapping[str, int]]) -> dict[tuple[int, str], Bar]:
    unit, step = _unit(counts), (WIDTH - BAR) / max(len(counts) - 1, 1)
    bars: dict[tuple[int, str], Bar] = {}
    for number, column in enumerate(counts):
        y = TOP
        for kind in ORDER:
            if count := column[kind]:
                bars[number, kind] = Bar(kind, count, round(number * step, 1), round(y, 1), round(count * unit, 1))
                y += count * unit + GAP
    return bars


def _ribbon(x: float, y: float, x_2: float, y_2: float, thick: float) -> str:
    middle = (x + x_2) / 2
    upper = f"M{x:.1f},{y:.1f}C{middle:.1f},{y:.1f} {middle:.1f},{y_2:.1f} {x_2:.1f},{y_2:.1f}"
    lower = f"C{middle:.1f},{y_2 + thick:.1f} {middle:.1f},{y + thick:.1f} {x:.1f},{y + thick:.1f}Z"
    return f"{upper}V{y_2 + thick:.1f}{lower}"
