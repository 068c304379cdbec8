"""Placements of students and cross-observations: a room still empty."""
