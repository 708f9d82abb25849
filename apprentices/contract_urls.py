"""Addresses of the contracts, their life and their pay; included in the app's own."""

from django.urls import path

from .views import contract_life, contract_steps, contracts, deadlines, funding, pay

contract_urls = [
    path("remuneration/", pay.pay_simulate, name="pay_simulate"),
    path("contrats/echeances/", deadlines.deadline_list, name="deadline_list"),
    path("contrats/a-facturer/", funding.invoice_list, name="invoice_list"),
    path("contrats/", contracts.contract_list, name="contract_list"),
    path(
        "inscriptions/<uuid:uuid>/contrat/", contract_steps.contract_create, name="contract_create"
    ),
    path(
        "inscriptions/<uuid:uuid>/contrat/terminer/",
        contract_steps.contract_finish,
        name="contract_finish",
    ),
    path(
        "inscriptions/<uuid:uuid>/contrat/abandonner/",
        contract_steps.contract_drop,
        name="contract_drop",
    ),
    path(
        "inscriptions/<uuid:uuid>/contrat/nouvel-employeur/",
        contract_steps.contract_employer,
        name="contract_employer",
    ),
    path(
        "inscriptions/<uuid:uuid>/contrat/<slug:step>/",
        contract_steps.contract_step,
        name="contract_step",
    ),
    path("contrats/<uuid:uuid>/", contracts.contract_detail, name="contract_detail"),
    path("contrats/<uuid:uuid>/modifier/", contracts.contract_edit, name="contract_edit"),
    path("contrats/<uuid:uuid>/signer/", contracts.contract_sign, name="contract_sign"),
    path(
        "contrats/<uuid:uuid>/transmettre/", contracts.contract_transmit, name="contract_transmit"
    ),
    path("contrats/<uuid:uuid>/accord/", contracts.contract_accept, name="contract_accept"),
    path("contrats/<uuid:uuid>/refus/", contracts.contract_refuse, name="contract_refuse"),
    path("contrats/<uuid:uuid>/rouvrir/", contracts.contract_reopen, name="contract_reopen"),
    path("contrats/<uuid:uuid>/rompre/", contract_life.contract_break, name="contract_break"),
    path("contrats/<uuid:uuid>/rupture/", contract_life.rupture_detail, name="rupture_detail"),
    path(
        "contrats/<uuid:uuid>/rupture/suivre/", contract_life.rupture_follow, name="rupture_follow"
    ),
    path(
        "contrats/<uuid:uuid>/rupture/documents/<slug:kind>/",
        contract_life.rupture_document,
        name="rupture_document",
    ),
    path(
        "contrats/<uuid:uuid>/rupture/annuler/",
        contract_life.rupture_cancel,
        name="rupture_cancel",
    ),
    path("contrats/<uuid:uuid>/rupture/clore/", contract_life.rupture_close, name="rupture_close"),
    path("contrats/<uuid:uuid>/financement/", funding.contract_funding, name="contract_funding"),
    path(
        "contrats/<uuid:uuid>/financement/facturer/",
        funding.instalment_invoice,
        name="instalment_invoice",
    ),
    path("contrats/<uuid:uuid>/financement/avoir/", funding.funding_credit, name="funding_credit"),
    path("echeances/<uuid:uuid>/payer/", funding.instalment_pay, name="instalment_pay"),
    path("contrats/<uuid:uuid>/avenant/", contract_life.amendment_create, name="amendment_create"),
    path(
        "avenants/<uuid:uuid>/document/",
        contract_life.amendment_document,
        name="amendment_document",
    ),
    path("avenants/<uuid:uuid>/<slug:deed>/", contract_life.amendment_move, name="amendment_move"),
    path(
        "contrats/<uuid:uuid>/documents/<slug:kind>/",
        contract_life.contract_document,
        name="contract_document",
    ),
]
