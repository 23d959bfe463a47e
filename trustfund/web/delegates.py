"""The delegates' door."""

from flask import Blueprint, render_template

bp = Blueprint("delegates", __name__, url_prefix="/delegates")


@bp.get("/")
def desk() -> str:
    return render_template("delegates/desk.html")
