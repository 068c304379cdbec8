"""Offers (vivier): the classes that teachers of the networks propose to students, a school year at a time."""
