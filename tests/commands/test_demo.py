"""`trustfund demo`: a fund to try, the same for the same seed, and never over a real one."""

FEW = ("--applications", "20")


def test_a_seed_gives_the_same_fund_with_one_account_for_each_role_and_function(
    new_instance, trustfund, refused, monkeypatch, tmp_path
):
    made = trustfund("demo", *FEW)
    assert made.code == 0
    first, *accounts = made.out.splitlines()
    _are_one_of_each(accounts)
    head = trustfund("anchors").out
    assert first == "The demonstration fund is made."
    assert trustfund("demo", *FEW).out.splitlines() == ["The demonstration fund is here already.", *accounts]
    assert refused("demo", "--seed", "7")[1].startswith(
        "Here lives a fund that is not the finished demonstration of seed 7."
    )
    assert trustfund("anchors").out == head
    assert trustfund("verify").code == 0

    monkeypatch.setenv("TRUSTFUND_INSTANCE", str(tmp_path / "elsewhere"))
    assert trustfund("demo", *FEW).out == made.out
    assert trustfund("anchors").out == head


def _are_one_of_each(accounts: list[str]) -> None:
    assert {line.rsplit(None, 2)[0] for line in accounts} >= {
        "head of the fund",
        "officer, screening",
        "officer, certifying",
        "officer, approving",
        "officer, paying",
        "officer, ended",
        "officer, suspended",
        "auditor",
        "administrator",
        "mission of Nepal",
        "delegate",
        "donor, Luxembourg",
    }
    assert len({line.split()[-1] for line in accounts}) == len(accounts)


def test_a_fund_that_is_no_demonstration_is_left_alone(instance, trustfund, refused):
    before = trustfund("anchors").out
    code, says = refused("demo")
    assert code == 1
    assert says.startswith("Here lives a fund that is not the finished demonstration of seed 1. Nothing was changed")
    assert trustfund("anchors").out == before
