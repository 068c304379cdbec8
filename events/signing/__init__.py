"""Who came to a sharing day: signed by half-day, from a code or on paper, and what it is worth in hours."""
