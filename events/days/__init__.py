"""Sharing days: which dates suit, the life of a day, its page."""
