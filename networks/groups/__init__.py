"""Mutualisation groups: their list, their page, who is a member of which."""
