"""Measure placements and cross-observations, beside other ways of doing, and write docs/benchmarks-placements.md.

Usage: make bench-placements  (some ten minutes; CPU seconds, one core; BENCH_SEEDS=3 takes three seeds of each at most)
"""

from __future__ import annotations

import os
import statistics
from datetime import UTC, datetime
from typing import Any

from bench import ROOT, machine
from bench_cover import interleaved, spread

DOC = ROOT / "docs" / "benchmarks-placements.md"
PLACING = {
    "circonscription": "circonscription (12 pairs)",
    "departement": "département (200 pairs)",
    "national": "national trial (3,829 pairs)",
}
CROSSING = {
    "circonscription": "circonscription (72 half-days)",
    "departement": "département (1,200)",
    "national": "national trial (18,000)",
}
SEEDS = {"circonscription": 10, "departement": 6, "national": 1}
PLACING_GOALS = {"circonscription": 0.1, "departement": 2, "national": 25}
CROSSING_GOALS = {"circonscription": 1, "departement": 15, "national": 60}
HEAD = """# Benchmarks of placements and cross-observations

Drawn from a seed. **Placements**: pairs who observe two days, then hold the class for one; two thirds of the students
have a car; six classes for five pairs, open on some days of a term; two cohorts a site, kept by the university on some
days. **Cross-observations**: small schools whose teachers are freed about together, two half-days each; three teachers
of five receive, two visitors at once and four a year at most. The national trials are 126 and 100 sites solved as one.
Every run in a process of its own, on one core. **CPU seconds**: they depend little on what else the machine does.

    make bench-placements

- **whole call**: from people and classes in memory to the plan, its certificate, its check and its bytes.
- **÷ solver**: the whole call over what of it is spent inside SciPy's own calls, clocked inside the same run.
- **proved**: every goal with its value equal to its bound. **in integers**: runs where the checker of 60 lines proves
  the named goal, and all before it, without the solver's word.
- **reasons**: why each one left out is so, and the changes that would do, for all of them.
- **moved**: a class closes; parties whose line changes when the plan is sought again with care for what people know,
  and without.
- **peak MB**: of the worst seed, before the comparisons.

What falls short: where the relaxed program is worth more than any whole plan, branch and bound and a row for each
goal after it take a département from one second to three; with half as many classes (148 of 200 pairs placed) it took
ten times as long. A machine that is shared and half as fast took twice the seconds below. Wishes come before travel:
first come, first served to the nearest class left travels ten minutes less, with a little over half of the wishes,
and leaves more students out.
"""


def table(
    names: dict[str, str], goals: dict[str, float], runs: dict[str, list[dict[str, Any]]], size: str, last: str
) -> list[str]:
    head = [
        "seeds",
        "columns",
        "solve",
        "goal",
        "whole call",
        "÷ solver",
        "reasons",
        "peak MB",
        "proved",
        "in integers",
    ]
    lines = [f"| | {' | '.join(head)} |", f"|---|{'--:|' * len(head)}"]
    for name, found in runs.items():
        digits = 3 if name == "circonscription" else 2
        whole = [sum(one["seconds"].values()) for one in found]
        cells = [
            names[name],
            str(len(found)),
            f"{statistics.median(one['choices'] for one in found):,.0f}",
            spread([one["seconds"]["solve"] for one in found], digits),
            str(goals[name]),
            spread(whole, digits),
            spread([total / one["inside_s"] for total, one in zip(whole, found, strict=True)], 1),
            spread([one["reasons_s"] for one in found], digits),
            f"{max(one['peak_mb'] for one in found):.0f}",
            f"{sum(one['proved'] and not one['faults'] for one in found)}/{len(found)}",
            f"{sum(last in one['priced'] for one in found)}/{len(found)}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return [f"**{size}** (CPU seconds: median, least, greatest; in integers: down to `{last}`)", "", *lines, ""]


def beside(names: dict[str, str], runs: dict[str, list[dict[str, Any]]], ways: dict[str, str]) -> list[str]:
    """The means over the seeds of what a reader compares."""
    keys = [*next(iter(runs.values()))[0]["plan"]]
    lines = [f"| | | {' | '.join(HEADINGS[key] for key in keys)} |", f"|---|---|{'--:|' * len(keys)}"]
    for name, found in runs.items():
        for way, words in ways.items():
            means = [statistics.mean(one[way][key] for one in found) for key in keys]
            lines.append(f"| {names[name]} | {words} | {' | '.join(f'{number:,.1f}' for number in means)} |")
    return ["**Beside other ways**, on the same data (means over the seeds)", "", *lines, ""]


HEADINGS = {
    "placed": "students placed",
    "wishes": "points of wishes",
    "beyond": "beyond 45 min",
    "minutes": "mean minutes",
    "worst": "worst",
    "spread": "practices seen",
    "load": "squares of loads",
    "visits": "visits",
    "school": "in one’s school",
    "relays": "to a relay",
    "returned": "returned",
    "worth": "worth, minutes",
}


def again(runs: dict[str, list[dict[str, Any]]]) -> list[str]:
    lines = ["| | again | moved | moved, without care |", "|---|--:|--:|--:|"]
    for name in ("circonscription", "departement"):
        found = [one["again"] for one in runs[name]]
        seconds = spread([one["calm_s"] for one in found], 3)
        moved, naive = (spread([one[key] for one in found], 0) for key in ("moved", "naive"))
        lines.append(f"| {PLACING[name]} | {seconds} | {moved} | {naive} |")
    return ["**A class closes** (CPU seconds; parties)", "", *lines, ""]


def main() -> None:
    began = os.getloadavg()[0]
    placing, crossing = interleaved("placing", SEEDS), interleaved("crossing", SEEDS)
    load = f"load {began:.1f} at the beginning and {os.getloadavg()[0]:.1f} at the end"
    first = "first come, first served: the best class left"
    lines = [
        f"{datetime.now(UTC):%-d %B %Y}, on {machine()}, {load}.",
        "",
        *table(PLACING, PLACING_GOALS, placing, "Placements", "minutes"),
        *beside(
            PLACING,
            placing,
            {"arrival": first, "nearest": "first come, first served: the nearest left", "plan": "**this plan**"},
        ),
        *again(placing),
        *table(CROSSING, CROSSING_GOALS, crossing, "Cross-observations", "worth"),
        *beside(CROSSING, crossing, {"arrival": first, "plan": "**this plan**"}),
    ]
    DOC.write_text(f"{HEAD}\n## What was measured\n\n" + "\n".join(lines).rstrip() + "\n")
    print(f"{DOC.relative_to(ROOT)} written.")


if __name__ == "__main__":
    main()
