"""What the showcase reads, one room a page."""
