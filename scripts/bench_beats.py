"""Measure how soon a beat of 1,000 players is answered, and write docs/benchmarks-beats.md.

Usage: make bench-beats      (ten minutes; TEST_DATABASE_URL names the PostgreSQL, else the one that answers)
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench import ROOT, machine
from run_tests import POSTGRES_GUESSES, answers_as_postgres, first_that_answers

DOC = ROOT / "docs" / "benchmarks-beats.md"
HEAD = """# Benchmarks of beats

What the players of 1,000 learners ask at once: each tells every ten seconds, over a line of its own as browsers do
after five seconds of silence, what it has just played, for a minute. A real uvicorn in one process, as in production;
20 paths and films, 1,000 people with a visit each; the players, the web and the database share the machine.

    make bench-beats

- **ratio of p50**: to a bare Django view without any middleware that writes one row, as often, in the same run. It
  compares from one machine to another; milliseconds do not.
- **lost**: answers that are no 200, and the seconds that are missing in the rows, in beats: their sum is checked.
- **CPU**: of the web process. What PostgreSQL takes is not in it.
- Each run begins with a beat of every player that is asked in full, as the first of each minute is
  ([decision 0044](decisions/0044-beats.md)); a minute later some are asked in full again, inside what is measured.

On a machine that does other work, `nice -n -12 make bench-beats` (as root) keeps that work out of the figures.

## What was measured
"""


def measure(out: Path, database_url: str | None) -> None:
    environment = os.environ | {"BENCH_BEATS_OUT": str(out)} | ({"DATABASE_URL": database_url} if database_url else {})
    command = [sys.executable, "-m", "pytest", "tests/bench/test_beats.py", "-m", "bench", "-q"]
    subprocess.run([*command, "-p", "no:unraisableexception"], cwd=ROOT, env=environment, check=True)


def main() -> None:
    began = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="partages-bench-") as folder:
        out = Path(folder) / "beats.md"
        for database_url in (None, first_that_answers("TEST_DATABASE_URL", POSTGRES_GUESSES, answers_as_postgres)):
            if database_url or not out.exists():
                measure(out, database_url)
        found = out.read_text()
    load = f"load {began:.1f} at the beginning and {os.getloadavg()[0]:.1f} at the end"
    DOC.write_text(f"{HEAD}\n{datetime.now(UTC):%-d %B %Y}, on {machine()}, {load}.\n\n{found.strip()}\n")
    print(f"{DOC.relative_to(ROOT)} written.")


if __name__ == "__main__":
    main()
