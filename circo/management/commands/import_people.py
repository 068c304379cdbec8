from circo.imports.commanding import ImportCommand
from circo.models import ImportRun


class Command(ImportCommand):
    help = "Importe des personnes et leurs affectations d’un fichier CSV ou XLSX dans une circonscription."
    kind = ImportRun.Kind.PEOPLE
