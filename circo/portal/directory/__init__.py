"""Where a search leads: the page of a school, and that of a person for the team that runs their district."""
