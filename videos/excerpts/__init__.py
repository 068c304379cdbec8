"""Excerpts (extraits): a part of a film, shown alone or beside another. Nothing is copied."""
