"""Self-paced training paths made from films (still an empty room: see the issue « Training paths and the 18 hours »)."""
