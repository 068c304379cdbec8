"""Who takes which class, for the school and the teacher whose class it is."""
