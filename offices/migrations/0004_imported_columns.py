from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("offices", "0003_search")]

    operations = [
        migrations.AddField(
            model_name="importedservice",
            name="columns",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
