"""The two sharing days, the brigade and the festival (still an empty room: see the issue « The two days »)."""
