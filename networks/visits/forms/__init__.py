"""The forms of sites and visits."""
