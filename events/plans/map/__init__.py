"""A plan on the map: where somebody is needed, who comes from where, and how far."""
