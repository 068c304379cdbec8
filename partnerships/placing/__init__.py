"""Which students in which class on which days: the best for all, goal after goal, proved. Pure.

A party is a student alone or a pair. First as many students placed as can be; on a plan that people know, as few
changes as can be; then their wishes, their travel, the practices that a cohort sees, and the load of the classes.

`problem` (what is known) → `choosing` (what may be; `obeying`: the hard rules) →
`columns` (the same as a program) → `solving` → `certifying` and `checking` (an independent reading) · `explaining`
(who is not placed, and what would change it). The names are those of `events.cover`.
Source: docs/decisions/0032-placements.md
"""
