"""The pages of sites and visits."""
