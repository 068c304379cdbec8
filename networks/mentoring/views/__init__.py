"""The pages of mentoring."""
