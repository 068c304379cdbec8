"""Verbs of proposals, by theme: asking, taking a line, finishing what a worker was given."""
