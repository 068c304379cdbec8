"""What a class was about: the words of the curricula, for films and sheets alike."""

from django.db import models


class Subject(models.TextChoices):
    LANGUAGE = "LANGUAGE", "langage, français"
    MATHS = "MATHS", "mathématiques"
    WORLD = "WORLD", "questionner le monde, sciences"
    HISTORY = "HISTORY", "histoire, géographie"
    CIVICS = "CIVICS", "enseignement moral et civique"
    FOREIGN = "FOREIGN", "langues vivantes"
    ARTS = "ARTS", "arts et musique"
    SPORT = "SPORT", "activité physique, EPS"
    CLASS_LIFE = "CLASS_LIFE", "vie de la classe"
    SEVERAL = "SEVERAL", "plusieurs domaines"
