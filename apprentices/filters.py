"""The filters of the lists: they live in the address, so that a list can be sent to someone."""

import django_filters
from django.db.models import Q

from .enums import ContractState
from .models import Apprentice, Cohort

NO_CONTRACT = "none"


class ApprenticeFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label="Nom, e-mail ou entreprise")
    cohort = django_filters.ModelChoiceFilter(
        queryset=Cohort.objects.none(),
        field_name="enrolments__cohort",
        to_field_name="uuid",
        label="Promotion",
        empty_label="Toutes",
        distinct=True,
    )
    contract = django_filters.ChoiceFilter(
        choices=[(NO_CONTRACT, "Sans contrat"), *ContractState.choices],
        method="with_contract",
        label="Contrat",
        empty_label="Tous",
    )
    sort = django_filters.OrderingFilter(
        fields={"last_name": "nom", "born_on": "naissance", "city": "commune"},
        choices=[
            ("nom", "Nom"),
            ("-nom", "Nom, de Z à A"),
            ("naissance", "Du plus âgé au plus jeune"),
            ("-naissance", "Du plus jeune au plus âgé"),
            ("commune", "Commune"),
        ],
        label="Trier par",
        empty_label=None,
    )

    class Meta:
        model = Apprentice
        fields: list[str] = []

    def __init__(self, *args, cfa, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["cohort"].queryset = cfa.cohorts.all()

    def search(self, queryset, name, value):
        for word in value.split():
            queryset = queryset.filter(
                Q(first_name__icontains=word)
                | Q(last_name__icontains=word)
                | Q(usage_name__icontains=word)
                | Q(email__icontains=word)
                | Q(enrolments__contracts__company__name__icontains=word)
            )
        return queryset.distinct()

    def with_contract(self, queryset, name, value):
        if value == NO_CONTRACT:
            return queryset.filter(enrolments__contracts__isnull=True).distinct()
        return queryset.filter(enrolments__contracts__state=value).distinct()
