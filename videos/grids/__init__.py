"""Observation grids: what observers note while they watch, each alone, and how far they agree afterwards.

French → code: grille d'observation → Grid · repère à observer → Criterion · observation (une grille sur un film, par
plusieurs) → ObservationRound · regard (d'un observateur) → Observation · note (horodatée) → Entry.
"""
