"""Experiments: what a group tries in its classes, from an idea to what it keeps of it.

French → code: expérimentation → Experiment · constat → finding · classe → ExperimentClass · étape → ExperimentStep ·
indicateur → Indicator · relevé → IndicatorPoint · journal → DiaryEntry · bilan → review · conseil d’école → council ·
CARDIE (innovation unit) → the project sheet.
"""
