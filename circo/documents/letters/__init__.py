"""Every kind of document, one dataclass each: fill its fields, then call `pdf()`."""

from circo.documents.letters.base import Letter, Sender
from circo.documents.letters.consent import LegalBasis, Nature, RecordingConsent, recording_consent

__all__ = ["LegalBasis", "Letter", "Nature", "RecordingConsent", "Sender", "recording_consent"]
