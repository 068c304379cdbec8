"""The programme of a sharing day: its moments, its workshops, who has a seat in which.

Words: Slot ← moment · Workshop ← atelier · WorkshopSession ← séance d’un atelier · wish ← vœu · seat ← place ·
wait ← liste d’attente
"""
