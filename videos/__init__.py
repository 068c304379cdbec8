"""Films of classes: deposited, protected, transcoded, watched and discussed at the second.

French → code: dépôt vidéo, film → Film · envoi (the bytes on their way) → Upload · commentaire à la seconde → Moment.
Machines: receiving (the bytes that arrive); preparing, flowing, encoding and finishing (what workers do of them, by the
plan of `plans.rules`); serving (what people watch).
"""
