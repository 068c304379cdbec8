"""What one does with placements: book half-days, make them known, say what did not take place, write around them."""
