"""What a document says, written once as plain JSON and never again."""

import json
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from accounts.history import record
from accounts.models import Cfa

from .kinds import document_kind
from .models import Document


def cfa_facts(cfa: Cfa) -> dict[str, str]:
    """What the head of each page says of the CFA, frozen in the document's context as `cfa`."""
    names = ("name", "uai", "siret", "nda", "address", "postcode", "city", "email", "phone")
    return {name: getattr(cfa, name) for name in (*names, "signatory_name", "signatory_title")}


def freeze(context: dict[str, Any], cfa: Cfa) -> dict[str, Any]:
    """The context as plain JSON: dates in ISO form, decimals as strings, with the CFA's facts."""
    text = json.dumps({"cfa": cfa_facts(cfa), **context}, cls=DjangoJSONEncoder)
    return json.loads(text)


def freeze_document(document: Document, source: dict[str, Any], *, now: datetime) -> None:
    """Have the kind build the content from `source`, unless it is frozen already.

    Of two workers that build it together the first to write has the last word: both lay out its text.
    Raises KeyError, with the code, for a kind that is gone; what `build` raises passes through.
    """
    if document.is_frozen:
        return
    build = document_kind(document.kind).build
    if build is None:
        raise TypeError(f"Documents of kind {document.kind!r} are asked for with their context.")
    context = freeze(build(source), document.cfa)
    with transaction.atomic():
        if Document.objects.filter(pk=document.pk, context={}).update(context=context):
            record("document_frozen", document, cfa=document.cfa, actor=None, happened_at=now)
    document.refresh_from_db(fields=("context",))
