"""Self-paced training paths made from films : a room still empty."""
