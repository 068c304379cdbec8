"""Transfers: what authors take away of a path for other platforms, and what they bring from them.

Words: emporter ← SCORM 1.2 or Common Cartridge made of a version; reprendre un cours ← a path made of a `.mbz`;
importer des questions ← GIFT or Moodle XML into a quiz. The formats themselves are `trainings.packages`.
Source: docs/decisions/0043-packages.md, docs/packages.md
"""
