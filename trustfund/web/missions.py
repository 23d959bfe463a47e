"""The door of the permanent missions."""

from flask import Blueprint, render_template

bp = Blueprint("missions", __name__, url_prefix="/missions")


@bp.get("/")
def desk() -> str:
    return render_template("missions/desk.html")
