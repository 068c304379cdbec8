"""Partners that train teachers: their students, who observe classes, then take them, and what that frees."""
