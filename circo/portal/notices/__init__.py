"""Pages of notices: what the platform told me, how I wish to hear of it, and the way out of its e-mails."""
