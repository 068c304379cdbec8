"""The pages of presences, and of the end of a day."""
