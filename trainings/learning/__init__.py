"""The learner's side of a path: the route proposed, what is done and left, and what that gives.

Words: inscription ← `Enrolment`; ce qu’un module devient pour un apprenant ← `Route`.
"""
