"""Measure how fast films arrive, beside the reference tus server and nginx; writes docs/benchmarks-uploads.md.

Usage: make bench-uploads      (a minute; needs nginx, and Node with `npm ci --ignore-scripts`, or leaves them out)
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench import ROOT, machine

DOC = ROOT / "docs" / "benchmarks-uploads.md"
HEAD = """# Benchmarks of uploads

How fast a film arrives at our tus server (uvicorn, the whole Django stack, SQLite), at the reference server of the tus
project (`@tus/server` on Node, files on disk), and by a bare PUT into nginx.

## Run them again

    make bench-uploads

It takes a minute and writes this page. A server that is not there (Node, nginx with its DAV module) is left out.

## Read them

- The same client sends the same {mib} MiB to each in turn, {rounds} times: one connection, chunks of 8 MiB (nginx: one
  request).
- **MB/s**: the median, and in brackets the quartiles. **Ours against it**: the median of the ratios, round by round:
  what slows one slows all. **CPU s a GB**: of the server's processes alone, what a busy machine changes least.
- Ours asks who sends and whether they may, at each chunk, and keeps each chunk on the disk (`fsync`) before it answers:
  after a power cut, the offset that it told is true. The other two ask nobody, and leave the bytes to the kernel.
- A chunk is received whole before it is written ([decision 0016](decisions/0016-index-first.md) says why): our server
  does not receive and write at the same time, as the other two do. At 50 MB/s, that is forty films that leave at
  10 Mbit/s at once.

## What was measured
"""


def table(report: dict) -> str:
    """One line a server."""
    lines = ["| Server | MB/s | ours against it | CPU s a GB |", "|---|--:|--:|--:|"]
    for name, row in report["servers"].items():
        (low, middle, high), (few, ratio, many) = row["mb_s"], row["ours_to_it"]
        against = "" if name == "ours" else f"**{ratio:.2f}** ({few:.2f}–{many:.2f})"
        lines.append(f"| {name} | {middle:.0f} ({low:.0f}–{high:.0f}) | {against} | {row['cpu_s_a_gb']:.1f} |")
    return "\n".join(lines)


def main() -> None:
    began = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="partages-bench-") as folder:
        out = Path(folder) / "found.json"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "tests/bench/test_upload_speed.py",
            "-m",
            "bench",
            "-q",
            *sys.argv[1:],
        ]
        subprocess.run(command, cwd=ROOT, env=os.environ | {"BENCH_UPLOAD_OUT": str(out)}, check=True)
        report = json.loads(out.read_text())
    load = f"load {began:.1f} at the beginning and {os.getloadavg()[0]:.1f} at the end"
    head = HEAD.format(mib=report["file_bytes"] // 1024**2, rounds=report["rounds"])
    DOC.write_text(f"{head}\n{datetime.now(UTC):%-d %B %Y}, on {machine()}, {load}.\n\n{table(report)}\n")
    print(f"{DOC.relative_to(ROOT)} written.")


if __name__ == "__main__":
    main()
