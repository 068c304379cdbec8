"""Imports: a table that somebody brings becomes schools, people and postings, line by line.

Words: import ← `ImportRun`; à l’essai ← dry run (`check`); ligne ← `ImportLine`; créée, modifiée, inchangée, laissée de
côté, refusée ← `Outcome`; modèle ← the table to fill in (`exporting`).

The way of a file: `reading` (bytes → rows), `columns` (headers → our names), `schools` or `people` (rows → lines, each
with what it would write, then writes them), `running` (the background job), `actions` and `views` (the pages).
"""

import os

# Where lxml happens to be installed, openpyxl would read strangers' workbooks with it, and expand their entities.
os.environ["OPENPYXL_LXML"] = "False"
