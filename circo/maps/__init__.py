"""Maps that the server draws: communes as outlines, places as points. No tile, no other host.

French → code: contour d’une commune → `Commune.outline`.
"""
