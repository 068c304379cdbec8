"""The seconds of an excerpt that were really played: told by the player in beats, believed as far as the clock goes.

Words: battement ← a beat; lecture ouverte ← `Play`, what a page was given to send beats with; stretch ← [from, to[ of a
film, in milliseconds. Source: docs/decisions/0044-beats.md
"""
