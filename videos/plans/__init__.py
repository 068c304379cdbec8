"""What is to be made of a film: pure rules."""
