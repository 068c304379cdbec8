"""What those who came thought of a sharing day: a few scales and words, that name nobody."""
