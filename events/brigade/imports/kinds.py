"""The three sorts of tables of a brigade, as the ground's pages of imports show them."""

from __future__ import annotations

from circo.access import Permission
from circo.models.import_kinds import Kind
from circo.rules import Place
from events.brigade.imports.distances import Distances
from events.brigade.imports.members import Members
from events.brigade.imports.periods import Periods

MEMBERS = Kind(
    code="BRIGADE",
    slug="brigade",
    label="remplaçants",
    detail="La brigade du département\u00a0: écoles de rattachement, niveaux, temps partiel.",
    note="Le tableau que la page de la brigade télécharge s’importe tel quel. L’adresse e-mail dit qui est qui\u00a0: "
    "une personne connue est mise à jour, une autre est créée, et sa circonscription l’invite.",
    importer=Members(),
    permission=Permission.MANAGE_BRIGADE,
    place=Place.DEPARTEMENT,
)
PERIODS = Kind(
    code="PERIODS",
    slug="indisponibilites",
    label="indisponibilités",
    detail="Missions longues, temps partiels, formations, congés, par demi-journée.",
    note="La même période, importée de nouveau, change seulement de raison ou de précision. Les autres équipes n’en "
    "lisent rien de plus que «\u00a0indisponible\u00a0».",
    importer=Periods(),
    permission=Permission.MANAGE_BRIGADE,
    place=Place.DEPARTEMENT,
)
DISTANCES = Kind(
    code="DISTANCES",
    slug="distances",
    label="distances",
    detail="Les kilomètres d’une école à l’autre\u00a0: sans eux, les distances sont estimées.",
    note="Une paire d’écoles par ligne. Les plans la prennent dès le calcul suivant\u00a0; les autres paires restent "
    "estimées, et le disent.",
    importer=Distances(),
    permission=Permission.MANAGE_BRIGADE,
    place=Place.DEPARTEMENT,
)
KINDS = (MEMBERS, PERIODS, DISTANCES)
