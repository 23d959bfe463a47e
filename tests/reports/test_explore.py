from datetime import date
from tests import journeys as j
from tests import seats
from tests.reports.reading import built, controls, told
from trustfund.operations import travel

def test_x(app):
    j.fund()
    hind, mele, kwame = j.seated(("Hind Tayeb", "SDN"), ("Bikash Thapa", "NPL"), ("Kwame Mensah", "GHA"))
    j.accepted(kwame); 
    for step in j.STEPS[:6]:
        for one in (hind, mele): step(one)
    j.attended(hind)
    j._do(travel.record_no_show, mele, seats.who("Ines"), j.FIRST_DAY, refund="600.00", reason="Fell ill.")
    for step in j.STEPS[7:]: step(hind)
    for name in ("fund-status","allotments","awards-and-disbursements","advances-and-claims","exceptions"):
        for day in (None, date(2018,1,24), date(2018,1,26), date(2018,2,14)):
            r = built(name, **({"as_at": day} if day else {}))
            print("=====", name, day)
            for row in r.rows: print([str(x) for x in row])
            print(r.totals, controls(r))
            print([(b.label, [str(v) for v in b.values]) for b in r.figure.bars] if r.figure else None)
