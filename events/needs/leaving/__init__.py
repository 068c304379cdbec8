"""Schools that too many teachers leave at once: counted, whom to keep, refused, and what an inspector lets pass."""
