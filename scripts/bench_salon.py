"""Measure how soon a message of a salon is seen by 300 people, and write docs/benchmarks-salon.md.

Usage: make bench-salon      (four minutes; TEST_DATABASE_URL names the PostgreSQL, else the one that answers)
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

DOC = ROOT / "docs" / "benchmarks-salon.md"
HEAD = """# Benchmarks of a salon

How soon a message is seen when 300 people have one salon open: from the moment its author's request leaves to the
moment each page has its words. A real uvicorn in one process, a real Valkey, 300 WebSockets of 300 people, a message
every half second, all on one machine, and in some runs a film being transcoded at low priority, as a worker does.

    make bench-salon

- **ratio of p50**: to a bare ASGI application that sends as many bytes to as many WebSockets and asks nobody anything,
  in the same run. It compares from one machine to another; milliseconds do not.
- **not seen**: of 40 messages × 300 pages.
- **server's CPU**: of the web process, the request of the author included. Rights are asked for all, at each message
  ([decision 0022](decisions/0022-salons.md)).
- **kB a page**: what the web process grew by, for one open page; the second run finds room that the first one made.

On a machine that does other work, `nice -n -12 make bench-salon` (as root) keeps that work out of the figures.

## What was measured
"""


def measure(out: Path, database_url: str | None) -> None:
    environment = os.environ | {"BENCH_SALON_OUT": str(out)} | ({"DATABASE_URL": database_url} if database_url else {})
    command = [
        sys.executable,
        "-m",
        "pytest",
        "tests/bench/test_salon.py",
        "-m",
        "bench",
        "-q",
        "-p",
        "no:unraisableexception",
    ]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def main() -> None:
    began = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="partages-bench-") as folder:
        out = Path(folder) / "salon.md"
        for database_url in (None, first_that_answers("TEST_DATABASE_URL", POSTGRES_GUESSES, answers_as_postgres)):
            if database_url or not out.exists():
                measure(out, database_url)
        found = out.read_text()
    load = f"load {began:.1f} at the beginning and {os.getloadavg()[0]:.1f} at the end"
    DOC.write_text(f"{HEAD}\n{datetime.now(UTC):%-d %B %Y}, on {machine()}, {load}.\n\n{found.strip()}\n")
    print(f"{DOC.relative_to(ROOT)} written.")


if __name__ == "__main__":
    main()
