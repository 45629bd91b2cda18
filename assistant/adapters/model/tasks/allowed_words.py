"""Words that a generated text may add to those of its sources, by task: they add no facts."""

from __future__ import annotations

JOINTS = frozenset(
    "set sets setting find finding finds decide handle handling manage managing happen happens happening happened go goes "
    "going get gets getting got come comes coming deal dealing try trying do does doing did look looking want wanting need "
    "needing needed like rather work works working worked help helping way ways case cases thing things place bit kind sort "
    "main real actual actually properly clearly currently just still already again yet later latest then now only even also "
    "both each other another same such certain able possible whether because since although despite instead among within "
    "during through across around toward towards regarding concerning involving fix fixing solve solving improve improving "
    "including based ended ending end ends mean meaning means choose choosing chose write writing written second".split()
)
"""Allowed in every generated text."""
ASKING = frozenset(
    "what which who when where how why part holds hold up most tried try far done need want situation stand know worked "
    "work end have would suit call comments writing together one line closest".split()
)
"""Allowed in a question to the mentee."""
NEUTRAL = frozenset(
    "addresses agree alone answer answers apart appear ask asked back based become besides big block bother cause change "
    "changed chart check cleaned compare compared cost costs data date dates day days decide decided decisions "
    "departments differ different differently due elsewhere example examples explain factor factors feel few fewer fill "
    "filled filter filtered filters first floor format formatted group grow guide guides hour hours input inside itself "
    "keyboard kind large largest last left length less level list live load loaded long longer look lost matter measure "
    "measured minute minutes month months most much name named new number old open order outside people phone place point "
    "possible query question questions reach reaches react read reader reason respond result results role rule run runs "
    "say score second see sentence sentences server settle several share short shorten show shown shows side sign signal "
    "single size small smallest split spoken spread start started state stay step still supplier suppliers supply system "
    "table tell text time times today told tool type use used user uses valuable value version view watch week weeks wide "
    "word worked works write written year years zone zones".split()
)
"""Words of measuring, comparing and showing, allowed in a question for the mentor: they say nothing about a person."""
FREE = (JOINTS | ASKING | NEUTRAL) - frozenset(("call", "calling", "know", "known", "tell", "told", "out", "left"))
"""Allowed in a question for the mentor: without words for appointments and for what somebody knows."""
