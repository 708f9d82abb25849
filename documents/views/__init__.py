from .documents import (
    document_detail,
    document_download,
    document_list,
    document_preview,
    document_retry,
)
from .jobs import job_cancel, job_detail, job_download, job_list, job_retry
from .verification import document_check, document_verify

__all__ = [
    "document_check",
    "document_detail",
    "document_download",
    "document_list",
    "document_preview",
    "document_retry",
    "document_verify",
    "job_cancel",
    "job_detail",
    "job_download",
    "job_list",
    "job_retry",
]
