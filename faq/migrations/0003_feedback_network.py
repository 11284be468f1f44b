from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("faq", "0002_only_grows")]

    operations = [
        migrations.AddField("feedback", "network", models.CharField(default="", max_length=32), preserve_default=False),
    ]
