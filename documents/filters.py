"""The filters of the lists, kept in the URL."""

import django_filters as filters
from django.db.models import Q, QuerySet
from django.forms import DateInput

from .enums import DocumentState
from .kinds import document_kinds
from .models import Document
from .rules import normalise_code, slug


def kind_choices() -> list[tuple[str, str]]:
    return [(kind.code, kind.label) for kind in document_kinds()]


class DocumentFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="Nom, titre ou code")
    kind = filters.ChoiceFilter(choices=kind_choices, label="Nature", empty_label="Toutes")
    state = filters.ChoiceFilter(choices=DocumentState.choices, label="État", empty_label="Tous")
    since = filters.DateFilter(
        field_name="requested_at",
        lookup_expr="date__gte",
        label="Demandé depuis le",
        widget=DateInput(attrs={"type": "date"}),
    )
    until = filters.DateFilter(
        field_name="requested_at",
        lookup_expr="date__lte",
        label="jusqu'au",
        widget=DateInput(attrs={"type": "date"}),
    )

    class Meta:
        model = Document
        fields = ("q", "kind", "state", "since", "until")

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Every word somewhere; file names carry people's names without accents."""
        if code := normalise_code(value):
            return queryset.filter(code=code)
        for word in value.replace("\x00", "").split()[:8]:
            found = (
                Q(subject_label__icontains=word)
                | Q(title__icontains=word)
                | Q(code__istartswith=word)
            )
            if ascii_word := slug(word):
                found |= Q(file_name__icontains=ascii_word)
            queryset = queryset.filter(found)
        return queryset
