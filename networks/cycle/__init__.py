"""The yearly cycle: wishes in spring, decisions, and the new school year opened by one action."""
