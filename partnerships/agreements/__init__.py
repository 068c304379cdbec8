"""What an institution and a département agree for a year."""
