"""Packages: a path, or questions, that come from other platforms or go to them; plain data on our side (`outlines`).

Words: banque de questions ← GIFT or Moodle XML (`gift`, `moodle_xml`); sauvegarde de cours M@gistère ← Moodle's `.mbz`
(`backups`); what was not taken ← `LeftOut`, said to the author with its place; paquet SCORM, cartouche ← what a path
becomes for others (`scorm`, `cartridge`). Files come through `circo.archives`.
"""
