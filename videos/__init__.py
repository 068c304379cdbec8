"""Films of classes: deposited, protected, transcoded, watched and discussed at the second.

French → code: dépôt vidéo, film → Film · envoi (the bytes on their way) → Upload · commentaire à la seconde → Moment.
Machines: receiving (the bytes that arrive), probing and transcoding (what a worker does), serving (what people watch).
"""
