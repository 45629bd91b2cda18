"""From notes or a transcript to a debrief: rules over sentences, with a lexicon as data; nothing is ever invented."""

from assistant.adapters.offline.debrief.structure import structure

__all__ = ["structure"]
