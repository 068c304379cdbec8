"""Blurring (floutage): faces found and followed, areas chosen or drawn, the film made anew without them."""
