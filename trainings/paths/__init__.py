"""Paths as their authors write them: modules, steps, versions, what is checked before learners see them.

Words: parcours ← `LearningPath`; one state of it, that never changes once it is published ← `PathVersion`.
"""
