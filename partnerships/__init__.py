"""Placements of students and cross-observations (still an empty room: see the issue « Placements »)."""
