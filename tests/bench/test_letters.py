"""Two hundred letters made by a worker, beside two hundred bare calls of typst, in CPU seconds of one run."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import replace

import pytest

from circo import jobs
from circo.documents import actions, batches, engine, verification
from circo.models import BatchState, Job, LetterBatch
from tests.circo.letters import CONVOCATION

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
COUNT = 200
BARE = """
import json, sys, typst
folder, letters, inputs = json.load(sys.stdin)
for letter in letters:
    typst.compile(
        f"{folder}/main.typ", root=folder, format="pdf", pdf_standards=["ua-1"], ignore_system_fonts=True,
        sys_inputs=inputs | {"letters": json.dumps([letter])},
    )
"""


def cpu_s() -> float:
    """CPU seconds of this process and of its children that ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def stop_presses() -> None:
    for press in engine._presses.values():
        press.stop()


def test_two_hundred_letters_cost_little_more_than_bare_typst(world, capsys):
    letters = [
        replace(CONVOCATION, addressee=replace(CONVOCATION.addressee, name=f"Amina Petit {number}"))
        for number in range(COUNT)
    ]
    stop_presses()
    started = cpu_s()
    inputs = engine._house() | {"template": "convocation", "title": "Convocation"}
    question = json.dumps([str(engine.FOLDER), [verification.drawn(letter.data()) for letter in letters], inputs])
    subprocess.run([sys.executable, "-c", BARE], input=question, text=True, check=True)
    bare = cpu_s() - started

    actions.start_batch(title="Convocations", letters=letters, by=world.secretary)
    started = cpu_s()
    jobs.run(Job.objects.get(kind=batches.KIND).pk)
    stop_presses()
    ours = cpu_s() - started
    assert LetterBatch.objects.get().state == BatchState.READY
    with capsys.disabled():
        sys.stdout.write(
            f"\n{COUNT} letters, each alone and all in one file: {ours:.1f} CPU s; "
            f"{COUNT} bare typst compiles: {bare:.1f} CPU s; ratio {ours / bare:.2f}\n"
        )
    assert ours / bare < 1.7
