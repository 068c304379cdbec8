"""The order of the work: how the admin's index is cut, whatever app a model comes from."""

from enum import Enum


class Work(Enum):
    """One part of the index: its anchor, its title, and what it is for."""

    PEOPLE = ("personnes", "Les personnes", "Qui travaille ici, dans quel rôle, et qui attend son invitation.")
    GROUPS = ("groupes", "Les groupes", "Les réseaux, leurs groupes de mutualisation et leurs membres.")
    DAYS = ("journees", "Les journées", "Les journées des partages, qui y est convoqué, et leurs réglages.")
    BRIGADE = ("brigade", "La brigade", "Les titulaires remplaçants, et ce que le département en décide.")
    PLACES = (
        "lieux",
        "Les lieux et les années",
        "Les écoles, la circonscription, ses dérogations, les années scolaires.",
    )
    FILES = ("imports", "Les fichiers importés", "Ce qui est entré par fichier, quand, et par qui.")
    TECHNIQUE = ("technique", "La technique", "Pour la personne qui tient la plateforme.")

    def __init__(self, anchor: str, title: str, purpose: str):
        self.anchor = anchor
        self.title = title
        self.purpose = purpose
