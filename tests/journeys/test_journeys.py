"""x"""
from __future__ import annotations
from tests.fakes import House, done

def test_smoke(house: House) -> None:
    r = house.open()
    a = house.say(r, "task: present to the board\noutcome: approval of the budget\ncontext: new CFO")
    print(a.reply)
    house.say(r, "yes")
    a = house.say(r, "1"); print(a.reply.say, house.load(r).stage)
    me = house.actor("lena")
    done(house.briefing.ready_to_note(me, r))
    done(house.briefing.approve(me, r, house.brief_hash(r)))
    st = house.load(r).stage
    print(st)
    slot = house.free(r, "ada")
    done(house.handoff.accept(house.mentor("ada"), r, slot.start))
    print(house.notes())
