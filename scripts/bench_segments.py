"""Measure what a segment costs the servers, and write docs/benchmarks-segments.md.

Usage: make bench-segments      (a minute; needs nginx)
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench import ROOT, machine

DOC = ROOT / "docs" / "benchmarks-segments.md"
HEAD = """# Benchmarks of segments

What one segment of a film (800 kB, four seconds) costs the servers: sent by Django itself, or by nginx once Django has
said yes (X-Accel-Redirect), beside the same file from a bare nginx that asks nobody. Viewers ask all at once, each on a
line of its own.

    make bench-segments

- **rights asked**: the first segment of 100 viewers; session, person, roles and film are read. **rights remembered**: a
  next one, for 300 viewers, within 4 s, under a grant ([decision 0012](decisions/0012-serving.md)). In steady play a
  viewer asks for a segment of pictures and one of sound every four seconds: one of the two is asked in full.
- **CPU ms a segment**: user and system time of the web process and of nginx's worker, on SQLite. It compares from one
  run to another; segments a second do not: the client and the other work of the machine share its cores.
- **ratio**: to the bare nginx of the same run.

## What was measured
"""


def main() -> None:
    began = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="partages-bench-") as folder:
        out = Path(folder) / "segments.md"
        command = [sys.executable, "-m", "pytest", "tests/bench/test_segments.py", "-m", "bench", "-q"]
        subprocess.run(command, cwd=ROOT, env=os.environ | {"BENCH_SEGMENTS_OUT": str(out)}, check=True)
        found = out.read_text()
    load = f"load {began:.1f} at the beginning and {os.getloadavg()[0]:.1f} at the end"
    DOC.write_text(f"{HEAD}\n{datetime.now(UTC):%-d %B %Y}, on {machine()}, {load}.\n\n{found}")
    print(f"{DOC.relative_to(ROOT)} written.")


if __name__ == "__main__":
    main()
