from datetime import date
from tests.reports.conftest import built
from trustfund.reports import open_contributions
from trustfund.reports.snapshot import snapshot
def test_x(fund):
    for n in ("status-of-contributions","trial-balance","journal"):
        for kw in ({}, {"as_at": date(2017,6,30)}, {"from_day": date(2017,6,1),"to_day":date(2017,10,31)}):
            r=built(n,**kw); print(n,kw)
            for row in r.rows: print("  ",[str(x) for x in row])
            print({k:str(v) for k,v in r.totals.items()}, [(c.name,str(c.value),str(c.should_be),c.holds) for c in r.control_totals], r.head_seq)
    r=built("audit-trail"); print(len(r.rows), r.rows[-3:], r.rows[:2])
    with snapshot() as s: print(open_contributions.build(s).rows)
    assert 0
