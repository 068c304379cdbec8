"""The two sharing days, the brigade and the festival: a room still empty."""
