"""The hours of the ground: what a person did of the 18 hours, who confirmed it, who validated it; and a private log.

French → code: les 18 heures → the account · heures faites → HourEntry · formation continue → TRAINING_FORMATION ·
animation pédagogique → TRAINING_ANIMATION · en présence → IN_PERSON · à distance, en direct → SYNCHRONOUS · à distance,
à son rythme → SELF_PACED · quotité → share_percent · carnet des 108 h → the log (`LogEntry`).

The apps above credit what they hold with `actions.credit` and `actions.withdraw`; their events take their counting rule
from `circo.models.CountingMixin`.
"""
