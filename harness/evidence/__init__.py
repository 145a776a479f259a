"""Evidence: what was asked and what was answered, as it was kept."""

from .record import Answer, Ask, Kind, Origin, Record, instant, written
from .store import Evidence, Recorder, slug

__all__ = ["Answer", "Ask", "Evidence", "Kind", "Origin", "Record", "Recorder", "instant", "slug", "written"]
