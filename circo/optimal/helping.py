"""Columns that help to say a goal: units that cost more and more, things worth something together; and a last draw."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b

import numpy as np
from scipy.sparse import block_array, coo_array, csc_array, vstack

from circo.optimal.programs import Ints, Program, Side

TIE_BYTES = 3  # 16 million values: two plans of the same worth hardly ever draw the same sum


def helped(program: Program, rows: csc_array, helpers: csc_array, caps: Ints, *, tight: int = 0) -> Program:
    """Add rows over the columns of a program and over new helpers; the first `tight` of them hold with equality."""
    added = helpers.shape[1]
    matrix = block_array(
        [[program.matrix, csc_array((len(program.caps), added))], [csc_array(rows), helpers]], format="csc"
    )
    matrix.sort_indices()
    return replace(
        program,
        matrix=matrix,
        caps=np.concatenate([program.caps, caps]),
        sides=np.concatenate([program.sides, np.full(len(caps), Side.OTHER)]),
        tight=np.concatenate([program.tight, np.arange(len(caps)) < tight]),
        alive=np.concatenate([program.alive, np.ones(added, bool)]),
        whole=np.concatenate([program.whole, np.zeros(added, bool)]),
    )


def counted(program: Program, rows: csc_array, most: Ints, reached: Ints) -> tuple[Program, Ints, Ints, Ints]:
    """Count what `rows` add up to, one unit after the other, up to `most` units a row.

    Return the program, the row and the rank (from 0) of each unit, and the units of a plan that reached so many.
    """
    owner = np.repeat(np.arange(len(most)), most)
    rank = np.arange(len(owner)) - np.repeat(np.cumsum(most) - most, most)
    units = np.arange(len(owner))
    of_rows = coo_array((-np.ones(len(owner)), (owner, units)), shape=(len(most), len(owner)))
    single = coo_array((np.ones(len(owner)), (units, units)), shape=(len(owner), len(owner)))
    caps = np.concatenate([np.zeros(len(most), np.int64), np.ones(len(owner), np.int64)])
    over = vstack([rows, csc_array((len(owner), rows.shape[1]))], format="csc")
    made = helped(program, over, vstack([of_rows, single], format="csc"), caps, tight=len(most))
    return made, owner, rank, (rank < reached[owner]).astype(np.int64)


def drawn(keys: Iterable[Iterable[str]]) -> Ints:
    """Draw a weight from the keys of each thing alone: the same on any machine, whatever the order of the input."""
    return np.array(
        [int.from_bytes(blake2b("\0".join(one).encode(), digest_size=TIE_BYTES).digest()) for one in keys], np.int64
    )
