import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations, models

# Where a name begins and ends are pairs, too (a space and a letter), so that the index itself
# tells "is called", "begins with" and "contains" apart: the first two stay quick for words that
# thousands of names contain.
EDGES = """
CREATE OR REPLACE FUNCTION offices_bigrams(key text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    letters text[] := string_to_array(' ' || key || ' ', NULL);
    pairs text[] := '{}';
BEGIN
    FOR i IN 1 .. coalesce(array_length(letters, 1), 0) - 1 LOOP
        IF letters[i] <> ' ' OR letters[i + 1] <> ' ' THEN
            pairs := pairs || (letters[i] || letters[i + 1]);
        END IF;
    END LOOP;
    RETURN pairs;
END $$;
"""
INDEX = 'CREATE INDEX "office_bigrams" ON "offices_office" USING gin (offices_bigrams("search_key"))'


class Migration(migrations.Migration):
    dependencies = [("offices", "0002_members")]

    operations = [
        migrations.RunSQL(
            ['DROP INDEX "office_bigrams"', EDGES, INDEX],
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name="office",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Reverse("business_number"), name="text_pattern_ops"
                ),
                name="office_number_tail",
            ),
        ),
    ]
