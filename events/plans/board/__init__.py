"""A plan under one's hand: its classes as a list and as a board, what one changes there, what one takes back.

French → code: tableau → board; vivier → pool; moment → half-day; geste → `CoverEdit`.
"""
