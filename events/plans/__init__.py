"""Cover plans: who takes which class, from a draft to the mission sheets."""
