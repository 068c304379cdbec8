"""What the learner's pages read."""
