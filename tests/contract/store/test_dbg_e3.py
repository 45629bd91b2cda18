from tests.contract.store.test_sql_contributions import *
def test_x(stores, find, helped, engine):
    for n in range(3): closed(stores, f"r{n}", "ben")
    from sqlalchemy import text
    with engine.connect() as db: print(db.execute(text("select id,mentor,stage,question,changed_at from requests")).all(), db.execute(text("select distinct type from events")).all())
    print(counted(helped), [(h.profile.id,h.score,h.described,h.votes,h.activity) for h in find()])
