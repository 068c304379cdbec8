"""« Pilotage »: what an inspector's team reads of its groups as a whole. Counts, never what a person watches."""
