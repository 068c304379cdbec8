"""Proposals: who could go to which class on which half-days, computed for a cohort, accepted whole or line by line.

Words: proposition ← `PlacementProposal`; ligne ← `ProposalLine`; écarter d’une classe ← `ProposalApart`.
"""
