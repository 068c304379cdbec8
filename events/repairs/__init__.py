"""Somebody is missing from a published plan: the version that moves the fewest people, accepted in one gesture."""
