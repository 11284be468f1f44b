import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("faq", "0003_feedback_network")]

    operations = [
        migrations.RemoveField("searchstamp", "version"),
        migrations.AddField("searchstamp", "token", models.UUIDField(default=uuid.uuid4)),
    ]
