"""Collections: named lists of films and excerpts, each still under its own rights."""
