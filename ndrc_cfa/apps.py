from django.apps import AppConfig


class NdrcCfaConfig(AppConfig):
    name = "ndrc_cfa"
    verbose_name = "NDRC CFA"

    def ready(self) -> None:
        from .providers import wire

        wire()
