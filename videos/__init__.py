"""Films of classes: deposited, protected, transcoded, watched and discussed at the second.

French → code: dépôt vidéo, film → Film · commentaire à la seconde → Moment · envoi → Upload.
"""
