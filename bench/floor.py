"""The floors: the least that does the same outward thing. Nothing of the fund is imported here."""

import os
from datetime import date

from flask import Flask, redirect, render_template
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import FlaskForm
from flask_wtf.csrf import generate_csrf
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column
from wtforms import DateField, SelectField, StringField
from wtforms.validators import DataRequired, Length

ROWS = """SELECT pledge.id, pledge.reference, pledge.document, pledge.earmark, pledge.currency, pledge.amount,
    pledge.agreed, pledge.received, pledge.state, pledge.announced_on, donor.name
    FROM pledge JOIN donor ON donor.id = pledge.donor_id WHERE pledge.id < {} ORDER BY pledge.id DESC LIMIT 26"""

db = SQLAlchemy()
login = LoginManager()


class User(UserMixin, db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)


class Receipt(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    amount: Mapped[str]
    value_date: Mapped[date]
    bank_account: Mapped[str]
    bank_reference: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(db.ForeignKey("user.id"))


class ReceiptForm(FlaskForm):
    amount = StringField(validators=[DataRequired()])
    value_date = DateField(validators=[DataRequired()])
    bank_account = SelectField(choices=[("main", "main")])
    bank_reference = StringField(validators=[DataRequired(), Length(max=80)])


def create_app() -> Flask:
    """BENCH_DATABASE holds its own two tables, BENCH_LIST the pledges of ours."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY="bench",
        WTF_CSRF_TIME_LIMIT=None,
        SQLALCHEMY_DATABASE_URI=os.environ["BENCH_DATABASE"],
        SQLALCHEMY_BINDS={"list": os.environ["BENCH_LIST"]},
    )
    db.init_app(app)
    login.init_app(app)
    login.user_loader(lambda key: db.session.get(User, int(key)))
    with app.app_context():
        _durable(db.engine)
        db.create_all(bind_key=None)
        db.session.add(User(email="salma@example.org"))
        db.session.commit()

    @app.get("/")
    def hello() -> str:
        return "hello"

    @app.get("/sign-in")
    def sign_in() -> str:
        login_user(db.session.get_one(User, 1))
        return f'<input name="csrf_token" value="{generate_csrf()}">'

    @app.post("/receipts")
    @login_required
    def receive():  # type: ignore[no-untyped-def]
        form = ReceiptForm()
        if not form.validate_on_submit():
            return form.errors, 422
        db.session.add(
            Receipt(
                amount=form.amount.data,
                value_date=form.value_date.data,
                bank_account=form.bank_account.data,
                bank_reference=form.bank_reference.data,
                user_id=current_user.id,
            )
        )
        db.session.commit()
        return redirect("/receipts")

    @app.get("/list/<int:after>")
    def rows(after: int) -> str:
        with db.engines["list"].connect() as connection:
            return render_template("rows.html", rows=connection.exec_driver_sql(ROWS.format(after)).all()[:25])

    return app


def _durable(engine) -> None:  # type: ignore[no-untyped-def]
    """As ours: what was committed is on the disk."""
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def connect(connection, _) -> None:  # type: ignore[no-untyped-def]
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
