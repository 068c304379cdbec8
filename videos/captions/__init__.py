"""Captions: what is said in a film, written at its second, for who cannot hear it; and the chapters of a film.

French → code: sous-titres → CaptionTrack · un sous-titre → Cue · chapitre → Chapter.
"""
