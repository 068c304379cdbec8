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

How long each page takes at the size for which the platform is made, a whole département: 11 districts, 346 schools,
3,300 teachers in post, 3 years of postings and memberships, 3,100 films, 3,000 notices a person.

## Run them again

    make bench

It takes about ten minutes and writes this page. It fills a database, visits each page as the person named in the table,
empties it, and does so on SQLite, then on PostgreSQL: the one of `TEST_DATABASE_URL`, else one that answers on this
machine, else one that comes with the tools of the tests. Let the machine do nothing else meanwhile.

## Read them

- **Queries**: what one visit asks of the database, session and person included. `make test` asserts that they are as
  many with 3 rows as with 1, and at most 14 (more for the pages that gather what several rooms say, each with its own
  bound in `tests/bench/test_query_counts.py`); `make bench`, that they are as many with 3,000.
- **ms**: the median of {rounds} visits, and in brackets the quartiles: half of the visits lie between them. The whole
  Django stack answers, through the test client: no network, no browser.
- **bare ms**: the median of a bare view that draws the same template with the same values, with no query and no
  middleware; each visit of the page is followed by one of its bare double, so that what slows one slows both.
- **ratio**: the first over the second. A ratio of 2 says that all that the page does beside drawing itself takes as
  long as drawing it. A small page has a high ratio: knowing who asks, and what they may see, costs the same for all.
  Ratios compare from one machine to another; milliseconds do not.
- °: the template itself asks the database (choices of a form, filters of the admin); its bare double remembers the
  answers.

## What was measured
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
        times = [timed(page) for page in pages]
        asks = "\N{NO-BREAK SPACE}°" if pages[0]["template_asks"] else ""
        first = pages[0]
        lines.append(f"| {first['name']}{asks} | {ROLES[first['who']]} | {first['queries']} | {' | '.join(times)} |")
    return "\n".join(lines)


def timed(page: dict) -> str:
    low, high = page["quartiles_ms"]
    return f"{page['page_ms']:.1f} ({low:.1f}–{high:.1f}) | {page['bare_ms']:.1f} | **{page['ratio']:.1f}**"


def main() -> None:
    began = os.getloadavg()[0]
    with ExitStack() as stack:
        postgres = first_that_answers("TEST_DATABASE_URL", POSTGRES_GUESSES, answers_as_postgres)
        runs = [measure(None), measure(postgres or stack.enter_context(shipped_postgres()))]
    load = f"load {began:.1f} at the beginning and {os.getloadavg()[0]:.1f} at the end"
    head = HEAD.format(rounds=runs[0]["rounds"])
    DOC.write_text(f"{head}\n{datetime.now(UTC):%-d %B %Y}, on {machine()}, {load}.\n\n{table(runs)}\n")
    print(f"{DOC.relative_to(ROOT)} written.")


if __name__ == "__main__":
    main()
