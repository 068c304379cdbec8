"""The pages of meetings, by kind."""
