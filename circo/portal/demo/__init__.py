"""The demonstration: a believable district and its neighbour, or a whole département, as a pure function of a seed.

Schools are real public ones around Val-de-Reuil and Bernay (README.md beside this file: source and licence); the
perimeters, the people, the classes, the groups and everything else are invented.

Order of the modules: names, rows, schools, accounts (what there is) → people, classes, careers, groups, plan (the pure
function) → writing (into the database) → running (the command `demo`).
"""
