"""The filters of the lists: they live in the address, so that a list can be sent to someone."""

import django_filters
from django.db.models import Q

from .enums import ContractState
from .models import Apprentice, Cohort, Contract

NO_CONTRACT = "none"
DRAFTS = "draft"


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


class ContractFilter(django_filters.FilterSet):
    """`state` also offers the drafts, which are no contracts yet: the page lists them apart."""

    q = django_filters.CharFilter(method="search", label="Apprenti ou entreprise")
    state = django_filters.ChoiceFilter(
        choices=[(DRAFTS, "Brouillon"), *ContractState.choices],
        method="in_state",
        label="État",
        empty_label="Tous",
    )
    cohort = django_filters.ModelChoiceFilter(
        queryset=Cohort.objects.none(),
        field_name="enrolment__cohort",
        to_field_name="uuid",
        label="Promotion",
        empty_label="Toutes",
    )
    sort = django_filters.OrderingFilter(
        fields={
            "starts_on": "debut",
            "ends_on": "fin",
            "enrolment__apprentice__last_name": "nom",
            "company__name": "entreprise",
        },
        choices=[
            ("-debut", "Début, du plus récent"),
            ("debut", "Début, du plus ancien"),
            ("fin", "Fin, de la plus proche"),
            ("nom", "Nom de l'apprenti"),
            ("entreprise", "Entreprise"),
        ],
        label="Trier par",
        empty_label=None,
    )

    class Meta:
        model = Contract
        fields: list[str] = []

    def __init__(self, *args, cfa, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["cohort"].queryset = cfa.cohorts.all()

    def search(self, queryset, name, value):
        return queryset.search(value[:80])

    def in_state(self, queryset, name, value):
        return queryset.none() if value == DRAFTS else queryset.filter(state=value)
