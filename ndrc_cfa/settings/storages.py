"""How production names and compresses its static files."""

COLLECTED_STATIC_FILES = {
    "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
}
