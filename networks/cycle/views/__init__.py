"""The pages of the yearly cycle, by subject."""
