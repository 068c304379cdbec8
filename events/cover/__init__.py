"""The cover plan: which substitute takes which class, so that its teacher comes to the sharing day. Pure: no Django.

French → code: besoin → `Need` (one class, one date, a half-day or the day) · titulaire remplaçant → `Substitute` ·
réserve → a need of priority 0, without a class · verrou → lock · écart de niveau → misfit · ISSR → `pricing`.

`problem` (what is known) → `pairing` (who may take what) → `solving` (the plan; `columns`, `bundles`) → `certifying`
(its proof) → `checking` (an independent reading of that proof, with `counting`). Then `exchanges` (who could take
over from whom) → `explaining` (why not this class), `changing` (what would cover it), `repairing` (somebody is ill);
`locks` (what a lock costs), `comparing` (two plans), `pricing` (the ISSR).
"""
