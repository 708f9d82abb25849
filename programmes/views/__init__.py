"""Pages: read the référentiels and programmes, check, edit, publish them."""

from .conformity import (
    acceptance_withdraw,
    finding_accept,
    finding_fix,
    programme_conformity,
)
from .creating import programme_create
from .editing import (
    programme_duplicate,
    programme_edit,
    programme_hours,
    subjects_export,
    subjects_import,
)
from .public import (
    programme_public,
    programme_public_list,
    programme_public_pdf,
    programme_publish,
)
from .reading import programme_detail, programme_list, referentiel_detail, referentiel_list
from .versions import (
    referentiel_copy,
    referentiel_file,
    referentiel_publish,
    referentiel_upload,
)

__all__ = [
    "acceptance_withdraw",
    "finding_accept",
    "finding_fix",
    "programme_conformity",
    "programme_create",
    "programme_detail",
    "programme_duplicate",
    "programme_edit",
    "programme_hours",
    "programme_list",
    "programme_public",
    "programme_public_list",
    "programme_public_pdf",
    "programme_publish",
    "referentiel_copy",
    "referentiel_detail",
    "referentiel_file",
    "referentiel_list",
    "referentiel_publish",
    "referentiel_upload",
    "subjects_export",
    "subjects_import",
]
