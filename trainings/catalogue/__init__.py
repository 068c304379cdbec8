"""The catalogue: the paths that one may take, and the few words that those who took them leave.

Words: mot sur un parcours ← `PathReview`.
"""
