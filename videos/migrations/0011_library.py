import circo.models.folding
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("videos", "0010_collections_and_sheets")]

    operations = [
        migrations.AddField("film", "levels", models.JSONField(blank=True, default=list, verbose_name="niveaux")),
        migrations.AddField(
            "film",
            "subject",
            models.CharField(
                blank=True,
                choices=[
                    ("LANGUAGE", "langage, français"),
                    ("MATHS", "mathématiques"),
                    ("WORLD", "questionner le monde, sciences"),
                    ("HISTORY", "histoire, géographie"),
                    ("CIVICS", "enseignement moral et civique"),
                    ("FOREIGN", "langues vivantes"),
                    ("ARTS", "arts et musique"),
                    ("SPORT", "activité physique, EPS"),
                    ("CLASS_LIFE", "vie de la classe"),
                    ("SEVERAL", "plusieurs domaines"),
                ],
                max_length=10,
                verbose_name="domaine",
            ),
        ),
        migrations.AddField(
            "film",
            "replaces",
            models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="videos.film",
                verbose_name="va remplacer",
            ),
        ),
        migrations.AddField(
            "film",
            "removed_at",
            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="supprimé le"),
        ),
        *(
            migrations.AddField(
                name,
                "folded",
                models.GeneratedField(
                    db_persist=True,
                    expression=circo.models.folding.Fold(models.F("text")),
                    output_field=models.TextField(),
                ),
            )
            for name in ("moment", "reply")
        ),
        migrations.RemoveField("practicesheet", "folded"),  # a column that the database keeps is made anew, not altered
        migrations.AddField(
            "practicesheet",
            "folded",
            models.GeneratedField(
                db_persist=True,
                expression=circo.models.folding.Fold(
                    django.db.models.functions.text.Concat(
                        models.F("title"),
                        models.Value(" "),
                        models.F("context"),
                        models.Value(" "),
                        models.F("intention"),
                        models.Value(" "),
                        models.F("course"),
                        models.Value(" "),
                        models.F("keeps"),
                        output_field=models.CharField(),
                    )
                ),
                output_field=models.TextField(),
            ),
        ),
    ]
