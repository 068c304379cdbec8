"""The pages of the festival: those of the team and of teachers, of everybody, of visitors, of volunteers."""
