"""Documents of the ground: letters, forms and sheets as accessible PDF, made by one engine (typst).

An app fills one of the `letters` (a frozen dataclass, its fields documented there) and calls its `pdf()`; for many at
once it asks for a batch (`actions.start_batch`), made by a worker. A document that others must be able to trust carries
a code: `actions.issue` writes what was issued, and the public page `/verifier/` answers whoever holds the code.

Words: batch ← lot de courriers · issued document ← document délivré · code ← code de vérification ·
sender ← en-tête et signature · addressee ← destinataire · through ← sous couvert de · kicker ← surtitre
"""
