"""The deeds on référentiels and programmes."""

from .loading import CHANGED, NEW, SAME, LoadRefused, Outcome, load_programmes

__all__ = ["CHANGED", "NEW", "SAME", "LoadRefused", "Outcome", "load_programmes"]
