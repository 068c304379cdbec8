"""What placements read: what is free and what is not, what is on whose agenda, and the pages."""
