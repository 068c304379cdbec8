"""Run as a script in a confined process: typeset what is asked on the standard input, one document after another.

A question is its length and JSON; an answer, its length, whether it is a PDF, and the PDF or what went wrong.
Left alone for a minute, or by its parent, it ends.
Arguments: the folder of the templates; the folder of the fonts, or nothing.
"""

import json
import os
import select
import struct
import sys
from datetime import UTC, datetime
from typing import Any

import typst

IDLE_S = 60


def compiler(folder: str, fonts: str) -> Any:
    return typst.Compiler(
        root=folder,
        font_paths=[fonts] if fonts else [],
        ignore_system_fonts=True,  # the same letter on every machine
        package_path=folder,  # and none lies there
        package_cache_path=folder,
    )


def answer(press: Any, main: str, inputs: dict[str, str]) -> tuple[bool, bytes]:
    try:
        pdf = press.compile(
            main,
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=datetime.now(UTC).replace(microsecond=0),
            sys_inputs=inputs,
        )
    except (typst.TypstError, RuntimeError) as error:
        return False, str(error).encode()
    return True, pdf


def read(size: int) -> bytes:
    """Read exactly so many bytes; fewer at the end of the input."""
    kept = bytearray()
    while len(kept) < size and (block := os.read(0, size - len(kept))):
        kept += block
    return bytes(kept)


def main(folder: str, fonts: str = "") -> None:
    press = compiler(folder, fonts)
    while select.select([0], [], [], IDLE_S)[0] and len(head := read(4)) == 4:
        inputs = json.loads(read(struct.unpack(">I", head)[0]))
        done, content = answer(press, f"{folder}/main.typ", inputs)
        sys.stdout.buffer.write(struct.pack(">I?", len(content), done) + content)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
