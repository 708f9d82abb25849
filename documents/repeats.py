"""The same document asked for twice: which one stands, so that a retry makes no second copy."""

import json
from collections.abc import Iterable

from django.db.models import Q

from .enums import ACTIVE_JOB_STATES, DocumentState
from .models import Document, JobItem

ASKED_AGAIN = "Demandé de nouveau depuis : le document {code} le remplace."


def overtaken(items: Iterable[JobItem]) -> dict[int, Document]:
    """By item, the document about the same thing that is being made, or was issued after it was asked for.

    The same thing: same centre, same kind, same source; an item without source is like no other. One query.
    """
    mine = {
        item.pk: (item.document, _key(item.document, item))
        for item in items
        if item.document and item.arguments
    }
    if not mine:
        return {}
    documents = [document for document, _key in mine.values()]
    since = min(document.requested_at for document in documents)
    others = (
        JobItem.objects.filter(
            Q(document__state=DocumentState.QUEUED, job__state__in=ACTIVE_JOB_STATES)
            | Q(document__issued_at__gt=since),
            document__cfa__in={document.cfa_id for document in documents},
            document__kind__in={document.kind for document in documents},
        )
        .exclude(document__in=documents)
        .select_related("document")
        .defer("document__context")
        .order_by("document__requested_at", "pk")
    )
    standing = {_key(other.document, other): other.document for other in others if other.document}
    return {
        pk: other
        for pk, (document, key) in mine.items()
        if (other := standing.get(key))
        and (other.issued_at is None or other.issued_at > document.requested_at)
    }


def _key(document: Document, item: JobItem) -> tuple[int, str, str]:
    """What a document is about, as a value that two requests share."""
    return document.cfa_id, document.kind, json.dumps(item.arguments, sort_keys=True)
