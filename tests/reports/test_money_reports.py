"""The reports of the money: one known story told by each, on every day as it was on that day."""

import csv
import io
import json
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from flask import Flask

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.reports.reading import built, controls, csv_rows, sheets, told, totals, words_of
from tests.reports.samples import voice
from trustfund.core.ledger import credit, debit, entry
from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.models.awards import Award
from trustfund.models.fund import reserve_of
from trustfund.models.record import in_the_bank, pots
from trustfund.operations import bank, debts, offers, payments, proposals, treasury, travel
from trustfund.operations.operation import Fact, writing
from trustfund.reports.draw import draw
