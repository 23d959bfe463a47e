"""`trustfund verify` and `anchors`: what stands, and whether it still does."""

import sqlite3


def test_a_sound_record_and_its_anchor(instance, trustfund):
    seq, head, day = trustfund("anchors").out.split()
    assert trustfund("verify") == (0, f"sound: {seq} entries, head {seq}:{head}\n", "")
    assert day == "2017-04-03"


def test_an_anchor_that_was_kept_elsewhere_still_holds(instance, trustfund, tmp_path):
    (tmp_path / "kept").write_text(trustfund("anchors").out)
    _import_rates(trustfund, tmp_path)
    assert trustfund("verify", "--full", "--anchors", str(tmp_path / "kept")).code == 0


def test_a_cut_tail_is_known_by_the_anchor(instance, trustfund, tmp_path):
    _import_rates(trustfund, tmp_path)
    kept = trustfund("anchors").out
    (tmp_path / "kept").write_text(kept)
    _cut_last_entry(instance)
    told = trustfund("verify", "--anchors", str(tmp_path / "kept"))
    assert told.code == 1
    assert any("anchor" in line for line in told.out.splitlines()), told.out


def test_every_fault_is_a_line_and_the_last_line_counts_them(instance, trustfund):
    with sqlite3.connect(instance / "trustfund.sqlite") as insider:
        insider.execute("DROP TRIGGER event_no_update")
        insider.execute("DROP TRIGGER event_no_delete")
    insider.close()
    told = trustfund("verify")
    assert told.code == 1
    assert [line.partition(" is missing")[0] for line in told.out.splitlines()[:-1]] == [
        "the guard event_no_update",
        "the guard event_no_delete",
    ]
    assert told.out.splitlines()[-1].startswith("faults: 2: ")


def test_anchors_that_are_not_there(instance, refused):
    code, says = refused("verify", "--anchors", "nowhere")
    assert code == 2
    assert says.startswith("could not read: ")


def _import_rates(trustfund, folder):
    (folder / "rates.csv").write_text("currency,per_usd,from,source\nEUR,0.923003,2017-04-28,ECB\n")
    assert trustfund("import", "rates", str(folder / "rates.csv")).code == 0


def _cut_last_entry(instance):
    """As an insider would who knows SQL: the guards away, the tail away, the guards back."""
    with sqlite3.connect(instance / "trustfund.sqlite") as insider:
        guards = insider.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            insider.execute(f"DROP TRIGGER {name}")
        insider.execute("DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)")
        insider.execute("DELETE FROM rate")
        insider.execute("UPDATE head SET (seq, hash) = (SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1)")
        for _, sql in guards:
            insider.execute(sql)
    insider.close()
