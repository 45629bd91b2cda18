"""From notes or a transcript to a debrief: rules over sentences with a lexicon; every item is a quote."""

from assistant.adapters.offline.debrief.structure import structure

__all__ = ["structure"]
