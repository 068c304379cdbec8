"""The papers of placements: agreements, calendars, sign-in sheets, reviews, the balance of a year."""
