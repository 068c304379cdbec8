"""The tables that whoever manages a brigade brings: its substitutes, when they are not free, the roads between schools.

Each is a kind of import of the ground (`circo.imports`): tried first, told line by line, written on a second word.
"""
