"""The deeds on référentiels and programmes."""

from .creating import create_programme
from .editing import SubjectRow, duplicate_programme, save_programme, save_subjects
from .findings import accept_finding, withdraw_acceptance
from .fixing import apply_official, can_fix
from .loading import CHANGED, NEW, SAME, LoadRefused, Outcome, load_programmes
from .publishing import publish_programme
from .versions import copy_referentiel, latest_before, publish_referentiel, replace_draft

__all__ = [
    "CHANGED",
    "NEW",
    "SAME",
    "LoadRefused",
    "Outcome",
    "SubjectRow",
    "accept_finding",
    "apply_official",
    "can_fix",
    "copy_referentiel",
    "create_programme",
    "duplicate_programme",
    "latest_before",
    "load_programmes",
    "publish_programme",
    "publish_referentiel",
    "replace_draft",
    "save_programme",
    "save_subjects",
    "withdraw_acceptance",
]
