"""Who observes whom while students hold their class: the best for all, goal after goal, proved. Pure.

First as many visits as can be; on a plan that people know, as few changes as can be; then visits in one's own school;
then near ones, to relays, to one's cycle, for practices that one wished, and returned; then the load of who receives.
The same serves observation sites: any visitor, any class, any half-days.

`problem` (what is known) → `choosing` (what may be) → `columns` (the same as a program) → `solving` → `certifying` and
`checking` (an independent reading) · `explaining` (who has no visit, and what would change it). The names are those of
`partnerships.placing`.
Source: docs/decisions/0034-cross-observations.md
"""
