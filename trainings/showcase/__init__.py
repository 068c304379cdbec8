"""Practices of high impact, shown to the district or the département with the agreement of their authors."""
