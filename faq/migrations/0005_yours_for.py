import django.contrib.postgres.fields
from django.db import migrations, models

from faq.rules.placeholders import STATES


class Migration(migrations.Migration):
    dependencies = [("faq", "0004_stamp_token")]

    operations = [
        migrations.AddField(
            "entry",
            "yours_for",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=list(STATES.items()), max_length=10),
                blank=True,
                default=list,
                size=None,
                verbose_name="その文を出す状態",
            ),
        ),
    ]
