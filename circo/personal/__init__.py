"""What the platform keeps of a person: given back on demand, and erased.

Words: mes données ← `Holding` (one kind of thing that an app keeps of a person, in `circo.registries`); export ←
`DataExport`; effacer une personne ← `erase`, recorded by `Erasure`, which names nobody.
"""
