"""The page « Agenda », and what « Mon année » says of the next dates."""
