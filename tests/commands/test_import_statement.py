"""`trustfund import statement`: the preview told, all of a file or nothing, and the same file twice adds nothing."""

import pytest

from tests.services.bank_files import camt, line, statement

NORWAY, CHARGE = line("16000.00", bank_reference="NO-1"), line("-2.00", bank_reference="C-1")
TOLD = (
    "Statement 7 of CH5604835012345678009 (main), 2018-01-24: 2 lines, 100.00 + 15,998.00 = 16,098.00 USD; "
    "{known} known, 0 matched.\n"
)
WAITS = (
    "2 lines wait in suspense. Record the deposit or payment of each with the bank reference of the line and import "
    "the file again, or match the line to its entry. “trustfund report bank-reconciliation” lists them.\n"
)


@pytest.fixture
def file(tmp_path):
    def write(content, name="in.xml"):
        (tmp_path / name).write_text(content, encoding="utf-8")
        return str(tmp_path / name)

    return write


def test_a_statement_on_trial_then_booked_then_known(instance, trustfund, file):
    name, before = file(camt(statement(NORWAY, CHARGE))), trustfund("anchors").out
    told = trustfund("import", "statement", name, "--dry-run")
    booked = "2 lines would be booked, 0 known already, 0 matched by bank reference.\n"
    assert told == (0, TOLD.format(known=0) + booked + WAITS, "")
    assert trustfund("anchors").out == before
    booked = booked.replace("would be booked", "booked")
    assert trustfund("import", "statement", name).out == TOLD.format(known=0) + booked + WAITS
    after = trustfund("anchors").out
    assert after != before
    known = "0 lines booked, 2 known already, 0 matched by bank reference.\n"
    assert trustfund("import", "statement", name) == (0, TOLD.format(known=2) + known + WAITS, "")
    assert trustfund("anchors").out == after
    assert trustfund("verify").code == 0


def test_a_gap_is_a_warning(instance, trustfund, file):
    trustfund("import", "statement", file(camt(statement(NORWAY))))
    told = trustfund("import", "statement", file(camt(statement(CHARGE, opening="1.00", number="8"))))
    assert told.code == 0
    assert told.err.startswith("Look at this: The last statement ended on 2018-01-24 with 16100.00 USD")


def test_a_bad_file_and_an_account_that_is_none_are_refused(instance, refused, trustfund, file):
    before = trustfund("anchors").out
    bad = camt(statement(NORWAY), statement(CHARGE, number="8")).replace("16000.00", "16O00.00")
    code, said = refused("import", "statement", file(bad))
    assert (code, "is not an amount" in said) == (1, True)
    name = file(camt(statement(NORWAY)))
    said = "“petty” is not a bank account of the fund."
    assert refused("import", "statement", name, "--account", "petty") == (1, said)
    assert refused("import", "statement", "nowhere.sta")[0] == 2
    assert trustfund("anchors").out == before
    assert trustfund("import", "statement", name, "--account", "main").code == 0


def test_every_file_of_other_peoples_banks_is_taken_or_refused_and_a_second_time_changes_nothing(
    instance, trustfund, shared
):
    names = sorted(str(path) for path in (shared / "data/statements").iterdir())
    first = [trustfund("import", "statement", name) for name in names]
    assert sum(told.code == 0 for told in first) == 12
    refusals = [told for told in first if told.code]
    assert all((told.code, told.out, len(told.err.splitlines())) == (1, "", 1) for told in refusals)
    assert not any("Traceback" in told.err or "should not have happened" in told.err for told in first)
    after = trustfund("anchors").out
    again = [trustfund("import", "statement", name) for name in names]
    assert [told.code for told in again] == [told.code for told in first]
    assert {told.out.splitlines()[-2].partition(" ")[0] for told in again if not told.code} == {"0"}
    assert trustfund("anchors").out == after
    assert trustfund("verify").code == 0
    assert trustfund("report", "bank-reconciliation", "--format", "csv").code == 0
