"""The map of observation sites."""
