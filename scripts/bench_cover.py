"""Measure cover plans and seats in workshops, beside other ways of doing, and write docs/benchmarks-cover.md.

Usage: make bench-cover      (some ten minutes; CPU seconds, one core; BENCH_SEEDS=3 takes three seeds of each at most)
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import ROOT, machine

DOC = ROOT / "docs" / "benchmarks-cover.md"
NAMES = {
    "circonscription": "circonscription (60 classes, 40 substitutes)",
    "departement": "département (1,500 / 400)",
    "national": "national trial (20,000 / 6,000)",
    "half-days": "département, 2 % of half-days",
}
SEEDS = {"circonscription": 10, "departement": 10, "national": 2, "half-days": 3}
GOALS = {"circonscription": (0.05, 2, 10), "departement": (2, 20, 300), "national": (45, 50, 1000)}
MOST = int(os.environ.get("BENCH_SEEDS", "10"))
CROWDS = {
    "short-60": "60 people, 84 % as many seats",
    "short-1500": "1,500 people, 84 % as many seats",
    "full-1500": "1,500 people, exactly as many seats",
}
CROWD_SEEDS = {"short-60": 10, "short-1500": 5, "full-1500": 5}
CROWD_GOALS = {"short-60": 1, "short-1500": 20, "full-1500": 20}
BARE = (
    "import resource, numpy, scipy.optimize, scipy.sparse.csgraph;"
    "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
)
HEAD = """# Benchmarks of the cover plan and of workshops

Needs over two days drawn from a seed: a fifth of first priority, half of the second; three substitutes of four are free
on a day; 45 km at the size of a département, 40 km and the 40 nearest at that of the country. Every run in a process of
its own, on one core. **CPU seconds**: they depend little on what else the machine does.

    make bench-cover

- **whole call**: from needs and substitutes in memory to the plan, its certificate, its check and its bytes. The table
  after it goes from the database and back.
- **solver**: what of it is spent inside SciPy's own calls (matching and HiGHS, matrices ready), clocked inside the
  same run. The rest builds the problem, says it in rows and columns, recovers the integers that prove the matching,
  narrows the face, and checks.
- **proved**: every goal with its value equal to its bound; **in integers**: the checker of 50 lines also proves
  coverage, levels and money with known faces (`cost`) without the solver's word.
- **reasons**: why each uncovered class has nobody, all of them. **changes**: the smallest ones for all of them too; for
  one class in the national trial.
- **repair**: one absence on the day itself, median and worst of 20; the graph of the plan is made before, once.
- **moved**: people moved by the repair (worst of 20), and by a new plan sought without care for the old one.
- **peak MB**: of the worst seed, before the comparisons.

Two things fall short of what was wished. The whole call, wished at 1.5 times the solver, is beyond it, more so with the
database: matchings take so little that reading three thousand rows, building, checking and writing show. It comes near
only where HiGHS has much to do. And where whole days meet half-days an absence is answered by solving again, in
seconds, the changes right after coverage; a mixture of 15 % of half-days is not proved within a minute at the size of a
département.
"""


def interleaved(module: str, seeds: Mapping[str, int]) -> dict[str, list[dict[str, Any]]]:
    """All sizes of one seed, then all of the next: what slows the machine for a while slows each."""
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in seeds}
    for seed in range(1, MOST + 1):
        for name, count in seeds.items():
            if seed <= count:
                runs[name].append(run(module, name, seed))
    return runs


def run(module: str, name: str, seed: int) -> dict[str, Any]:
    command = [sys.executable, "-m", f"tests.bench.{module}", name, str(seed)]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    answer = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    print(name, seed, "done", flush=True)
    return json.loads(answer.stdout)


def from_database() -> dict[str, list[dict[str, Any]]]:
    """The whole call from the database and back, on SQLite: its work counts in the same process."""
    with tempfile.TemporaryDirectory(prefix="partages-bench-") as folder:
        out = Path(folder) / "found.jsonl"
        environment = os.environ | {"OMP_NUM_THREADS": "1", "BENCH_OUT": str(out)}
        command = [sys.executable, "-m", "pytest", "-m", "bench", "-q", "-n", "0", "tests/bench/test_cover_database.py"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        found = [json.loads(line) for line in out.read_text().splitlines()]
    return {name: [one for one in found if one["name"] == name] for name in dict.fromkeys(one["name"] for one in found)}


def spread(numbers: list[float], digits: int = 2) -> str:
    """The median, then the least and the greatest."""
    if len(numbers) == 1:
        return f"{numbers[0]:.{digits}f}"
    return f"{statistics.median(numbers):.{digits}f} ({min(numbers):.{digits}f} to {max(numbers):.{digits}f})"


def solving_row(name: str, runs: list[dict[str, Any]]) -> str:
    whole = [sum(one["seconds"].values()) for one in runs]
    cells = [
        NAMES[name],
        str(len(runs)),
        f"{statistics.median(one['pairs'] for one in runs):,.0f}",
        spread([one["seconds"]["solve"] for one in runs], 3 if name == "circonscription" else 2),
        f"{GOALS[name][0]}" if name in GOALS else "",
        spread(whole, 3 if name == "circonscription" else 2),
        spread([total / one["inside_s"] for total, one in zip(whole, runs, strict=True)], 1),
        f"{statistics.median(total / one['seconds']['solve'] for total, one in zip(whole, runs, strict=True)):.2f}",
        f"{max(one['peak_mb'] for one in runs):.0f}",
        f"{sum(one['proved'] and not one['faults'] for one in runs)}/{len(runs)}",
        f"{sum('cost' in one['priced'] for one in runs)}/{len(runs)}",
    ]
    return f"| {' | '.join(cells)} |"


def database_row(name: str, runs: list[dict[str, Any]]) -> str:
    digits = 3 if name == "circonscription" else 2
    whole = [sum(one["seconds"].values()) for one in runs]
    parts = [spread([one["seconds"][part] for one in runs], digits) for part in ("read", "solve", "write", "check")]
    ratios = [total / one["inside_s"] for total, one in zip(whole, runs, strict=True)]
    cells = [
        NAMES[name],
        str(len(runs)),
        *parts,
        spread(whole, digits),
        spread([one["inside_s"] for one in runs], digits),
        spread(ratios, 1),
        spread([one["reasons_s"] for one in runs], digits),
    ]
    return f"| {' | '.join(cells)} |"


def crowd_row(name: str, runs: list[dict[str, Any]]) -> str:
    cells = [
        CROWDS[name],
        str(len(runs)),
        spread([one["solve_s"] for one in runs]),
        str(CROWD_GOALS[name]),
        spread([one["check_s"] for one in runs], 3),
        f"{max(one['peak_mb'] for one in runs):.0f}",
        f"{sum(one['proved'] and not one['faults'] for one in runs)}/{len(runs)}",
        f"{sum(len(one['priced']) == 3 for one in runs)}/{len(runs)}",
    ]
    return f"| {' | '.join(cells)} |"


def crowd_rows(name: str, runs: list[dict[str, Any]]) -> list[str]:
    rows = []
    for way, key in (("first come, first served (mean of 3 orders)", "arrival"), ("**these seats**", "best")):
        means = [statistics.mean(one[key][part] for one in runs) for part in ("missing", "firsts", "without", "ranks")]
        rows.append(f"| {CROWDS[name]} | {way} | {' | '.join(f'{number:,.0f}' for number in means)} |")
    return rows


def after_row(name: str, runs: list[dict[str, Any]]) -> str:
    after = [one["after"] for one in runs]
    goal = GOALS.get(name, ("", "", ""))
    cells = [
        NAMES[name],
        f"{statistics.median(one['uncovered'] for one in after):,.0f}",
        spread([1000 * one["reasons_s"] for one in after], 1),
        str(goal[2]),
        spread([1000 * one["change_s"] for one in after], 1),
        spread([1000 * one["ready_s"] for one in after], 1),
        f"{1000 * statistics.median(one['repair_s'][0] for one in after):.2f} / "
        f"{1000 * max(one['repair_s'][1] for one in after):.2f}",
        str(goal[1]),
        str(max(one["moved"] for one in after)),
        spread([one["naive_moved"] for one in after], 0),
    ]
    return f"| {' | '.join(cells)} |"


def other_rows(name: str, runs: list[dict[str, Any]]) -> list[str]:
    ways = {
        "arrival order, nearest free (mean of 3 orders)": [one["others"]["arrival"] for one in runs],
        "greedy by priority, then level, then distance": [one["others"]["greedy"] for one in runs],
        "**this plan**": [one["plan"] for one in runs],
    }
    rows = []
    for way, found in ways.items():
        means = [
            statistics.mean(one[key] for one in found) for key in ("first", "covered", "misfit", "euros", "both_days")
        ]
        rows.append(f"| {NAMES[name]} | {way} | {' | '.join(f'{number:,.0f}' for number in means)} |")
    return rows


def main() -> None:
    began = os.getloadavg()[0]
    runs = interleaved("cover", SEEDS)
    crowds = interleaved("workshops", CROWD_SEEDS)
    rows = from_database()
    bare = subprocess.run([sys.executable, "-c", BARE], capture_output=True, text=True, check=True).stdout
    load = f"load {began:.1f} at the beginning and {os.getloadavg()[0]:.1f} at the end"
    lines = [
        f"{datetime.now(UTC):%-d %B %Y}, on {machine()}, {load}.",
        "",
        "**The plan** (CPU seconds: median, least, greatest)",
        "",
        "| | seeds | pairs | solve | goal | whole call | ÷ solver | ÷ solve | peak MB | proved | in integers |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        *(solving_row(name, found) for name, found in runs.items()),
        "",
        f"A process that has only loaded NumPy and SciPy already peaks at {float(bare):.0f} MB.",
        "",
        "**From the database and back** (CPU seconds, SQLite; `write` holds the certificate; reasons are apart)",
        "",
        "| | seeds | read and build | solve | write | check | whole call | solver | ÷ solver | reasons and changes |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        *(database_row(name, found) for name, found in rows.items()),
        "",
        "The national trial is no département: it has no rows, the first table says what it takes in memory.",
        "",
        "**After it** (CPU milliseconds)",
        "",
        "| | uncovered | reasons | goal | changes | graph | repair | goal | moved | moved, naive |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        *(after_row(name, found) for name, found in runs.items()),
        "",
        "**Beside other ways**, on the same needs (means over the seeds)",
        "",
        "| | | first priority covered | covered | misfit | ISSR, € | classes with the same face twice |",
        "|---|---|--:|--:|--:|--:|--:|",
        *(row for name, found in runs.items() for row in other_rows(name, found)),
        "",
        "**Seats in workshops**, three moments, three wishes each (CPU seconds: median, least, greatest)",
        "",
        "| | seeds | seats | goal | check | peak MB | proved | all in integers |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
        *(crowd_row(name, found) for name, found in crowds.items()),
        "",
        "**Beside first come, first served**, on the same wishes (means over the seeds)",
        "",
        "| | | seats not given | first wishes | people without any | worth of ranks |",
        "|---|---|--:|--:|--:|--:|",
        *(row for name, found in crowds.items() for row in crowd_rows(name, found)),
    ]
    DOC.write_text(f"{HEAD}\n## What was measured\n\n" + "\n".join(lines) + "\n")
    print(f"{DOC.relative_to(ROOT)} written.")


if __name__ == "__main__":
    main()
