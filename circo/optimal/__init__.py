"""Plans proved optimal: goals reached one after the other, each on the plans that are best for those before it.

Pure: NumPy and SciPy, nothing of the domain. `programs` (what may be chosen, 0 or 1, under rows of limits), `matching`
(when each choice joins two sides), `linear` (HiGHS, for the others), `climbing` (the goals in order), `helping` (units
of convex goals), `proofs` (what proves a plan).
"""
