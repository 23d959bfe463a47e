"""`trustfund demo`: a fund to try, the same for the same seed, and never over a real one."""

FEW = ("--applications", "20")


def test_the_same_seed_gives_the_same_fund_and_prints_it_again(new_instance, trustfund, monkeypatch, tmp_path):
    made = trustfund("demo", *FEW)
    assert made.code == 0
    first, *accounts = made.out.splitlines()
    head = trustfund("anchors").out
    assert first == "The demonstration fund is made."
    assert trustfund("demo", *FEW).out.splitlines() == ["The demonstration fund is here already.", *accounts]
    assert trustfund("anchors").out == head
    assert trustfund("verify").code == 0

    monkeypatch.setenv("TRUSTFUND_INSTANCE", str(tmp_path / "elsewhere"))
    assert trustfund("demo", *FEW).out == made.out
    assert trustfund("anchors").out == head


def test_one_account_for_each_role_and_function_and_no_password_of_another_seed(new_instance, trustfund, refused):
    lines = trustfund("demo", "--seed", "7", *FEW).out.splitlines()[1:]
    printed = {line.rsplit(None, 2)[0] for line in lines}
    assert {
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
    } <= printed
    assert len({line.split()[-1] for line in lines}) == len(lines)
    assert refused("demo", "--seed", "2")[1].startswith(
        "Here lives a fund that is not the finished demonstration of seed 2."
    )


def test_a_fund_that_is_no_demonstration_is_left_alone(instance, trustfund, refused):
    before = trustfund("anchors").out
    code, says = refused("demo")
    assert code == 1
    assert says.startswith("Here lives a fund that is not the finished demonstration of seed 1. Nothing was changed")
    assert trustfund("anchors").out == before
