"""The back office looks and finds: what the actions write, it never changes.

`ReadOnlyAdmin` is the page of a model, `rows_of` the rows of another model under it, and `register_rest`
gives a page to each model of an app that has none of its own.
"""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

# Never on a page: what opens a door, what is drawn by a hand.
SECRET = ("token", "secret", "key", "strokes", "nir")
LISTED = 6


class ReadOnly:
    """Nothing is added, changed nor deleted here, not even by a superuser."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
    """A list with its search and filters, and each row to read."""

    list_per_page = 50


def rows_of(
    of: type[models.Model], *, without: tuple[str, ...] = (), only: tuple[str, ...] | None = None
) -> type[admin.TabularInline]:
    """The rows of `of` shown under what they belong to."""

    class Rows(ReadOnly, admin.TabularInline):
        model = of
        extra = 0
        fields = only
        exclude = without
        show_change_link = True

    return Rows


def register_rest(app_label: str) -> None:
    """A read-only page for each model of the app without one: columns, filters and search of its fields."""
    for model in apps.get_app_config(app_label).get_models():
        if not admin.site.is_registered(model):
            admin.site.register(model, ReadOnlyAdmin, **options_of(model))


def options_of(model: type[models.Model]) -> dict[str, Any]:
    """What a list of these rows shows, filters and searches."""
    fields = [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and not any(word in field.name for word in SECRET)
    ]
    hidden = {field.name for field in model._meta.concrete_fields} - {f.name for f in fields}
    links = [field for field in fields if isinstance(field, models.ForeignKey)]
    short = [field for field in fields if not isinstance(field, LONG) and field.name != "uuid"]
    return {
        "list_display": ("__str__", *(field.name for field in short[:LISTED])),
        "list_filter": tuple(f.name for f in short if f.choices or isinstance(f, FILTERED)),
        "list_select_related": tuple(field.name for field in links),
        "search_fields": tuple(_searched(model)) or ("pk",),
        "exclude": tuple(hidden - {model._meta.pk.name if model._meta.pk else "id"}),
    }


LONG = (models.TextField, models.JSONField, models.FileField, models.BinaryField)
FILTERED = (models.BooleanField, models.DateField)


def _searched(model: type[models.Model], path: str = "", depth: int = 2) -> list[str]:
    """Names, titles and e-mails, the row's own and those of what it belongs to."""
    found = []
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and depth and field.name != "cfa":
            other = field.related_model
            assert isinstance(other, type)
            found += _searched(other, f"{path}{field.name}__", depth - 1)
        elif field.name in ("last_name", "first_name", "name", "title", "email", "label"):
            found.append(f"{path}{field.name}")
    return found
