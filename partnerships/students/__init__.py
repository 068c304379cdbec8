"""Students: who they are, where they live, what they wish, with whom they go."""
