"""Questions: of a quiz, or asked at a second of an excerpt; how they are answered and what is right."""
