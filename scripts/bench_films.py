"""Measure how films are prepared, against bare ffmpeg and against others' recipes; writes docs/benchmarks-films.md.

Usage: make bench-films      (about half an hour on two cores; CPU seconds, so that a busy machine changes little)
"""

from __future__ import annotations

import os
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "circo.settings_test"
FOLDER = Path(os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="partages-bench-")))

import django  # noqa: E402 (the settings are chosen above)

django.setup()

import bench_recipes as recipes  # noqa: E402
from bench import machine  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from circo import jobs  # noqa: E402
from circo.models import Person  # noqa: E402
from networks.models import MutualisationGroup  # noqa: E402
from tests import world as world_module  # noqa: E402
from videos import actions, encoding, finishing, paths, probing, publishing, queries  # noqa: E402
from videos.models import Film, FilmState, Upload  # noqa: E402
from videos.plans import rules as plans  # noqa: E402
from videos.plans.rules import Plan  # noqa: E402

DOC = ROOT / "docs" / "benchmarks-films.md"
REAL = ROOT.parent / "shared" / "media" / "open" / "phone_android_1080p_vfr.mp4"
SECONDS = int(os.environ.get("BENCH_SECONDS", "64"))  # of the film on which whole pipelines are measured
SHARED_SECONDS = 180  # of the film whose pieces several workers share
RECIPE_SECONDS = 8
BLURRED_SECONDS = 16
LENGTHS_MIN = (3, 20, 60)
REPEATS = int(os.environ.get("BENCH_REPEATS", "3"))
HEAD = """# Benchmarks of films

How long a film takes from its last byte to its first picture, and what its preparation costs, against bare ffmpeg and
against the recipes of other platforms, in one run on one machine.

## Run them again

    make bench-films

It takes about half an hour and writes this page; `.venv/bin/python scripts/bench_films.py first_pictures workers` runs
and writes two parts of it anew. Costs are in CPU seconds (user and system, children included), which a
busy machine changes little; waits are in seconds of the clock, and want a machine that does nothing else.

## Read them

- **Bare**: one ffmpeg command that decodes once and encodes the same renditions (x264 veryfast, crf 23, the same
  ceilings), without sound, writing nowhere. It is what the encoding itself costs, and no more.
- **Whole**: everything that a deposit costs: probe, copy, sound, each piece, poster, timeline, waveform, the film in
  one file, checks, database and files, by the jobs that workers run.
- The film is a real one of a phone, in 1080 lines, repeated to the length said.
- **Over several workers**: the pieces of a film are measured, each worker on a core of its own; the simulation takes
  an hour of film from the same times, and what one worker does alone at the end.
"""


# --- Costs --------------------------------------------------------------------------------------------------------
def cpu_s() -> float:
    """CPU seconds of this process and of its children that have ended."""
    used = [getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


@dataclass
class Cost:
    cpu_s: float = 0.0
    wall_s: float = 0.0


@contextmanager
def costs() -> Iterator[Cost]:
    found, cpu, wall = Cost(), cpu_s(), time.monotonic()
    yield found
    found.cpu_s, found.wall_s = cpu_s() - cpu, time.monotonic() - wall


def spread(values: Sequence[float], digits: int = 2) -> str:
    """The median, and the least and the most."""
    told = f"{statistics.median(values):.{digits}f}"
    return told if len(values) < 2 else f"{told} ({min(values):.{digits}f}–{max(values):.{digits}f})"


# --- Films --------------------------------------------------------------------------------------------------------
def film(name: str, *, seconds: int, codec: Sequence[str]) -> Path:
    """The real film, again and again until it lasts `seconds`, encoded once and then repeated as it is."""
    unit, target = FOLDER / f"unit-{name}", FOLDER / f"{seconds}-{name}"
    if not unit.exists():
        picture = ["-vf", "fps=30", "-pix_fmt", "yuv420p", "-g", "30", "-t", "8"]
        recipes.run(FOLDER, "-stream_loop", "8", "-i", REAL, *picture, *codec, "-c:a", "aac", "-ar", "48000", unit)
    if not target.exists():
        recipes.run(
            FOLDER, "-stream_loop", str(-(-seconds // 8) - 1), "-i", unit, "-c", "copy", "-t", str(seconds), target
        )
    return target


H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-b:v", "6M", "-maxrate", "6M", "-bufsize", "6M")
X265 = ("-c:v", "libx265", "-preset", "ultrafast", "-b:v", "6M", "-tag:v", "hvc1", "-x265-params")
HEVC = (*X265, "log-level=none")
HLG = "colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc"
HDR = (*X265, f"log-level=none:{HLG}", "-pix_fmt", "yuv420p10le")  # as phones film
FIRST_FILMS = (
    ("H.264, as it is", "h264.mp4", H264, LENGTHS_MIN),
    ("HEVC", "hevc.mov", HEVC, LENGTHS_MIN),
    ("HDR (HEVC, 10 bits, HLG)", "hdr.mov", HDR, LENGTHS_MIN[:1]),
)


# --- Ours ---------------------------------------------------------------------------------------------------------
def amina() -> Person:
    return Person.objects.get(email="amina@ecole.test")


def sent(source: Path, size: int) -> Film:
    """A deposited film whose last byte has just come; the file is the source itself, not copied."""
    upload = actions.start_upload(size_bytes=size, file_name=source.name, by=amina())
    place = paths.source(upload.pk)
    place.parent.mkdir(parents=True, exist_ok=True)
    os.link(source, place)
    Upload.objects.filter(pk=upload.pk).update(offset_bytes=size)
    return actions.deposit(
        upload=upload, title=source.name, group=MutualisationGroup.objects.of_member(amina()).get(), by=amina()
    )


def prepare(film: Film) -> Film:
    """Do all the jobs of a film, here, one after the other."""
    while jobs.run_next(queries.QUICK) or jobs.run_next(queries.HEAVY):
        pass
    film.refresh_from_db()
    if film.state != FilmState.READY:
        raise SystemExit(f"{film.title}: {film.refusal}")
    return film


def whole_against_bare(source: Path) -> tuple[list[float], float, float]:
    """The ratios of the whole preparation to the bare command, and the CPU seconds of each (medians)."""
    ratios, ours, others = [], [], []
    plan = plans.make(probing.probe(source, FOLDER))
    for _ in range(REPEATS):
        with costs() as alone:
            recipes.bare(FOLDER, source, plan if not plan.keeps_copy else with_top(plan))
        made = sent(source, source.stat().st_size)
        with costs() as all_of_it:
            prepare(made)
        actions.erase_film(film=made, by=amina())
        ratios.append(all_of_it.cpu_s / alone.cpu_s)
        ours.append(all_of_it.cpu_s)
        others.append(alone.cpu_s)
    return ratios, statistics.median(ours), statistics.median(others)


def with_top(plan: Plan) -> Plan:
    """The same plan with the largest rendition encoded: what one would do without the copy."""
    return replace(plan, rungs=plans.ladder(plan.source, copy_is_top=False))


def first_picture(source: Path) -> tuple[list[float], list[float]]:
    """Seconds from the last byte to the first picture on idle workers, and the CPU seconds used by then."""
    waits, used = [], []
    for _ in range(REPEATS):
        stop = threading.Event()
        begun = cpu_s()
        made = sent(source, source.stat().st_size)
        began = time.monotonic()
        threads = [
            threading.Thread(target=worker, args=(queue, stop)) for queue in (queries.QUICK,) * 2 + (queries.HEAVY,)
        ]
        with watching(made) as seen:
            for thread in threads:
                thread.start()
            seen.wait(120)
        waits.append(time.monotonic() - began)
        used.append(cpu_s() - begun)
        stop.set()
        actions.erase_film(film=made, by=amina())  # whoever still works on it stops
        for thread in threads:
            thread.join()
        if not seen.is_set():
            raise SystemExit(f"{source.name} never played")
    return waits, used


@contextmanager
def watching(made: Film) -> Iterator[threading.Event]:
    """An event that is set once the film plays."""
    seen, advance = threading.Event(), publishing.advance

    def advance_and_tell(preparation, row, plan):
        advance(preparation, row, plan)
        if row.playable_at and row.pk == made.pk:
            seen.set()

    publishing.advance = advance_and_tell
    try:
        yield seen
    finally:
        publishing.advance = advance


def worker(queue: str, stop: threading.Event) -> None:
    try:
        while not stop.is_set():
            if not jobs.run_next(queue):
                time.sleep(0.02)
    finally:
        connections.close_all()


def pieces_on(source: Path, plan: Plan, cores: Sequence[int]) -> tuple[float, list[float]]:
    """Encode the pieces of a film with one worker a core, and return the clock and each piece's seconds."""
    waiting, lasted, lock = list(plan.pieces), [], threading.Lock()

    def work(core: int) -> None:
        folder = FOLDER / f"core-{core}"
        folder.mkdir(exist_ok=True)
        os.sched_setaffinity(0, {core})  # of this thread, and of what it starts
        while True:
            with lock:
                if not waiting:
                    return
                piece = waiting.pop(0)
            began = time.monotonic()
            encoding.encode_into(folder, source, plan, piece)
            for rung in piece.rungs:
                encoding.cut(folder, rung, plan, piece)
            lasted.append(time.monotonic() - began)

    began = time.monotonic()
    threads = [threading.Thread(target=work, args=(core,)) for core in cores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - began, lasted


def draw_all(made: Film, plan: Plan) -> None:
    folder = FOLDER / "drawn"
    folder.mkdir(exist_ok=True)
    finishing.draw(made.pk, made.output, plan, list(made.renditions.all()), folder, made.duration_s)


def simulated(lasted: Sequence[float], workers: int, join_s: float) -> float:
    """How much of `workers` times the speed of one is reached, from the measured times of pieces and of the join."""
    free = [0.0] * workers
    for seconds in lasted:
        free.sort()
        free[0] += seconds
    return (sum(lasted) + join_s) / (workers * (max(free) + join_s))


# --- The page -----------------------------------------------------------------------------------------------------
def first_pictures() -> list[str]:
    lines = ["| Film | Length | Seconds to the first picture | CPU seconds by then |", "|---|--:|--:|--:|"]
    for name, suffix, codec, lengths in FIRST_FILMS:
        for minutes in lengths:
            source = film(suffix, seconds=60 * minutes, codec=codec)
            waits, used = first_picture(source)
            source.unlink()
            lines.append(f"| {name} | {minutes}\N{NO-BREAK SPACE}min | {spread(waits)} | {spread(used)} |")
    return lines


def ratios() -> list[str]:
    lines = ["| Film | Bare, CPU s | Whole, CPU s | ratio |", "|---|--:|--:|--:|"]
    films = (("HEVC, everything encoded", "hevc.mov", HEVC), ("H.264, the largest copied", "h264.mp4", H264))
    for name, suffix, codec in films:
        found, ours, alone = whole_against_bare(film(suffix, seconds=SECONDS, codec=codec))
        lines.append(f"| {name}, {SECONDS}\N{NO-BREAK SPACE}s | {alone:.1f} | {ours:.1f} | **{spread(found)}** |")
    return lines


def of_others() -> list[str]:
    source = film("hevc.mov", seconds=RECIPE_SECONDS, codec=HEVC)
    plan = plans.make(probing.probe(source, FOLDER))
    lines = ["| Recipe | CPU s | ratio to bare |", "|---|--:|--:|"]
    with costs() as alone:
        recipes.bare(FOLDER, source, plan)
    lines.append(f"| bare, {RECIPE_SECONDS}\N{NO-BREAK SPACE}s | {alone.cpu_s:.1f} | 1 |")
    made = sent(source, source.stat().st_size)
    with costs() as ours:
        prepare(made)
    lines.append(f"| this platform, everything | {ours.cpu_s:.1f} | **{ours.cpu_s / alone.cpu_s:.2f}** |")
    known = {"PeerTube": recipes.peertube, "MediaCMS": recipes.mediacms, "Esup-Pod": recipes.esup_pod}
    for name, recipe in known.items():
        with costs() as theirs:
            recipe(FOLDER, source, plan, RECIPE_SECONDS)
        lines.append(f"| {name}, its encodings alone | {theirs.cpu_s:.1f} | {theirs.cpu_s / alone.cpu_s:.2f} |")
    return lines


def workers() -> list[str]:
    source = film("hevc.mov", seconds=SECONDS, codec=HEVC)
    made = prepare(sent(source, source.stat().st_size))
    with costs() as join:  # what is done once, at the end, by one worker
        draw_all(made, plans.make(probing.probe(source, FOLDER)))
    join_s = join.cpu_s / SECONDS  # for a second of film
    source = film("hevc.mov", seconds=SHARED_SECONDS, codec=HEVC)
    plan = plans.make(probing.probe(source, FOLDER))
    cores = sorted(os.sched_getaffinity(0))[:2]
    one_s, lasted = pieces_on(source, plan, cores[:1])
    os.sched_setaffinity(0, set(cores))
    lines = ["| Workers | of linear |", "|---|--:|"]
    if len(cores) == 2:
        two_s, _ = pieces_on(source, plan, cores)
        alone_s = join_s * SHARED_SECONDS
        reached = (one_s + alone_s) / (2 * (two_s + alone_s))
        told = f"{SHARED_SECONDS} s of film, {one_s:.0f} and {two_s:.0f} s, {alone_s:.0f} s more at the end"
        lines.append(f"| 2 against 1, measured ({told}) | **{reached:.2f}** |")
    hour = [seconds for seconds in lasted for _ in range(60 * 60 // SHARED_SECONDS)]
    for count in (2, 4, 8, 16):
        reached = simulated(sorted(hour, reverse=True), count, join_s * 60 * 60)
        lines.append(f"| {count}, simulated for an hour of film | {reached:.2f} |")
    return lines


def blurring() -> list[str]:
    """What hiding something costs: the search for faces, then the film made anew with an area all along."""
    source = film("hevc.mov", seconds=BLURRED_SECONDS, codec=HEVC)
    with costs() as alone:
        recipes.bare(FOLDER, source, plans.make(probing.probe(source, FOLDER)))
    made = prepare(sent(source, source.stat().st_size))
    with costs() as search:
        actions.search_faces(film=made, by=amina())
        prepare(made)
    path = [(0, 0.1, 0.1, 0.3, 0.3), (BLURRED_SECONDS, 0.6, 0.6, 0.3, 0.3)]
    actions.draw_area(film=made, start_s=0, end_s=BLURRED_SECONDS, path=path, by=amina())
    with costs() as blur:
        actions.apply_blur(film=made, by=amina())
        prepare(made)
    lines = ["| Work | CPU s | for a second of film | ratio to bare |", "|---|--:|--:|--:|"]
    for name, one in (("bare", alone), ("search for faces", search), ("blurred film, everything", blur)):
        each_s, ratio = one.cpu_s / BLURRED_SECONDS, one.cpu_s / alone.cpu_s
        lines.append(f"| {name} | {one.cpu_s:.1f} | {each_s:.2f} | {ratio:.2f} |")
    return lines


PARTS = {
    "From the last byte to the first picture": first_pictures,
    "The whole preparation against one bare command": ratios,
    "Others' recipes, in the same run": of_others,
    "Over several workers": workers,
    "Blurring": blurring,
}


def main() -> None:
    call_command("migrate", verbosity=0)
    world_module.build()
    written = dict(re.findall(r"^## (.+)\n\n((?s:.+?))(?=\n## |\Z)", DOC.read_text() if DOC.exists() else "", re.M))
    for title, part in PARTS.items():
        if len(sys.argv) == 1 or part.__name__ in sys.argv[1:]:
            began = os.getloadavg()[0]
            table = "\n".join(part())
            load = f"load {began:.1f} at the beginning and {os.getloadavg()[0]:.1f} at the end"
            written[title] = f"{table}\n\n{datetime.now(UTC):%-d %B %Y}, on {machine()}, {load}.\n"
            print(f"{title}\n{written[title]}", flush=True)
    DOC.write_text(HEAD + "".join(f"\n## {title}\n\n{written[title]}" for title in PARTS if title in written))
    print(f"{DOC.relative_to(ROOT)} written.")


if __name__ == "__main__":
    main()
