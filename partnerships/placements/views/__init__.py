"""The pages of placements: one, its half-days, what is written around it, and the lists."""
