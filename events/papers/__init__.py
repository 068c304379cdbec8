"""What leaves the brigade on paper: the plan for the département, the ISSR of a substitute month by month."""
