"""The pages of salons."""
