"""What is said of a film: the pure rules of moments and replies, and what leaves of them as a file.

French → code: commentaire à la seconde → Moment · réponse → Reply · cercle (who reads it) → MomentCircle.
"""
