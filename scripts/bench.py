"""Measure every page on SQLite and on PostgreSQL, and write docs/benchmarks.md.

Usage: make bench      (TEST_DATABASE_URL names the PostgreSQL; else the one that answers, else that of the test wheel)
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from run_tests import POSTGRES_GUESSES, ROOT, answers_as_postgres, first_that_answers, shipped_postgres

DOC = ROOT / "docs" / "benchmarks.md"
ROLES = {"teacher": "professeur", "inspector": "inspectrice", "secretary": "secrétaire", "departement": "département"}
HEAD = """# Benchmarks

Every page at the size of a département, as `make demo` can fill it: 11 districts, 346 schools, 3,300 teachers in post,
3 years of postings and memberships, 3,100 films, 3,000 notices a person.

- **Queries**: what one visit asks of the database, session and person included. The suite asserts that they are as many
  with 1 row and 3 rows (`tests/bench/test_query_counts.py`), and `make bench` with 3,000.
- **Ratio**: the median time of the page (the whole Django stack, through the test client, no network) over that of a
  bare view that draws the same template with the same values, with no query and no middleware, in one run, in turn.
  A ratio of 2 says that all the page does beside drawing itself takes as long as drawing it. Ratios compare from one
  machine to another; milliseconds do not.
- ° The template itself asks the database (choices of a form, filters of the admin): the bare view remembers the
  answers.

Made by `make bench`.
"""


def measure(database_url: str | None) -> dict:
    """Run the benchmarks on one database, and return what they found."""
    with tempfile.TemporaryDirectory(prefix="partages-bench-") as folder:
        out = Path(folder) / "found.json"
        environment = os.environ | {"BENCH_OUT": str(out)} | ({"DATABASE_URL": database_url} if database_url else {})
        command = [sys.executable, "-m", "pytest", "tests/bench", "-m", "bench", "-q", *sys.argv[1:]]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        return json.loads(out.read_text())


def machine() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    model = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.processor())
    return f"{os.cpu_count()} × {model}, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


def table(runs: list[dict]) -> str:
    """One line a page, the databases side by side."""
    heads = [f"{run['engine']} ms | bare ms | ratio" for run in runs]
    lines = [f"| Page | Who | Queries | {' | '.join(heads)} |", "|---|---|--:" + "|--:|--:|--:" * len(runs) + "|"]
    for pages in zip(*(run["pages"] for run in runs), strict=True):
        times = [f"{page['page_ms']:.1f} | {page['bare_ms']:.1f} | **{page['ratio']:.1f}**" for page in pages]
        asks = "\N{NO-BREAK SPACE}°" if pages[0]["template_asks"] else ""
        first = pages[0]
        lines.append(f"| {first['name']}{asks} | {ROLES[first['who']]} | {first['queries']} | {' | '.join(times)} |")
    return "\n".join(lines)


def main() -> None:
    with ExitStack() as stack:
        postgres = first_that_answers("TEST_DATABASE_URL", POSTGRES_GUESSES, answers_as_postgres)
        runs = [measure(None), measure(postgres or stack.enter_context(shipped_postgres()))]
    load = f"load {os.getloadavg()[0]:.1f} at the end"
    DOC.write_text(f"{HEAD}\n{datetime.now(UTC):%-d %B %Y}, on {machine()}, {load}.\n\n{table(runs)}\n")
    print(f"{DOC.relative_to(ROOT)} written.")


if __name__ == "__main__":
    main()
