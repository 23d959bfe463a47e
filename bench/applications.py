"""What gunicorn loads for the bench: both sides, each telling its processor time."""

from bench.serving import Metered


def ours() -> Metered:
    from trustfund.app import served_app

    return Metered(served_app())


def floor() -> Metered:
    from bench.floor import create_app

    return Metered(create_app())
