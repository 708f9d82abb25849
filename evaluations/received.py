"""Keep a file that somebody hands in, once its content is checked."""

from django.core.files.uploadedfile import UploadedFile

from accounts.errors import DomainError
from accounts.models import User
from documents.storing import all_or_nothing, store
from documents.uploads import LARGEST, check_upload

from .models import CcfEvaluation, ExamRegistration, ReceivedFile


@all_or_nothing()
def keep_file(
    *,
    file: UploadedFile,
    title: str,
    by: User,
    registration: ExamRegistration | None = None,
    evaluation: CcfEvaluation | None = None,
    field: str = "file",
) -> ReceivedFile:
    """Check and store one file; the caller, inside its transaction, has checked the right.

    Raises DomainError when the content is neither a PDF nor a picture, or is too heavy.
    """
    if (file.size or 0) > LARGEST:
        raise DomainError(
            f"Le fichier pèse {(file.size or 0) / 1024 / 1024:.1f} Mo : 5 Mo au plus.".replace(
                ".", ",", 1
            ),
            field=field,
        )
    checked = check_upload(file.read(), field=field)
    if registration is not None:
        same = registration.files.filter(sha256=checked.sha256).first()
        if same:
            return same
    kept = ReceivedFile(
        registration=registration,
        evaluation=evaluation,
        title=title[:200],
        original_name=(file.name or "")[-200:],
        content_type=checked.content_type,
        extension=checked.extension,
        size=checked.size,
        sha256=checked.sha256,
        added_by=by,
    )
    store(kept.file, kept.original_name or "fichier", checked.data)
    kept.save()
    return kept
