from circo.imports.commanding import ImportCommand
from circo.models import ImportRun


class Command(ImportCommand):
    help = "Importe des écoles d’un fichier CSV ou XLSX dans une circonscription."
    kind = ImportRun.Kind.SCHOOLS
