"""Placements: a student or a pair in a class, on which half-days, for what, and all that may not be.

Words: stage ← `Placement`; demi-journée de stage ← `PlacementDay`; fondement ← `basis`; adulte référent sur place ←
`adult`; carnet ← `LogEntry`; bilan ← `PlacementReview`; visite du tuteur ← `TutorVisit`.
"""
