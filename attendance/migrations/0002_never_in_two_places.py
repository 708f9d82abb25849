"""A trainer, a room or a cohort is never in two places at once: PostgreSQL refuses overlapping hours.

Ranges of one number stand for "the same trainer", so that plain GiST is enough (no btree_gist extension).
On SQLite one writer at a time holds the database, and the actions check the same rule before they write.
"""

from django.db import migrations

WHAT = ("trainer", "room", "cohort")


def add(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for name in WHAT:
        schema_editor.execute(
            f"ALTER TABLE attendance_classsession ADD CONSTRAINT attendance_session_{name}_one_place "
            f"EXCLUDE USING gist (int8range({name}_id, {name}_id, '[]') WITH &&, "
            f"tsrange(date + starts_at, date + ends_at) WITH &&) "
            f"WHERE (state = 'planned' AND {name}_id IS NOT NULL) DEFERRABLE INITIALLY IMMEDIATE"
        )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for name in WHAT:
        schema_editor.execute(
            "ALTER TABLE attendance_classsession "
            f"DROP CONSTRAINT IF EXISTS attendance_session_{name}_one_place"
        )


class Migration(migrations.Migration):
    dependencies = [("attendance", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
