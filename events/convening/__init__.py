"""Who is called to a sharing day, by which letter, and what each answers."""
