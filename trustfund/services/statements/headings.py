"""A first guess at the columns of a CSV, from the names banks give them; a person looks at it before it is used.

Common names in English, French, German, Dutch and Spanish, without accents and signs. Where days or amounts can be read
in two ways, the guess is refused: the person says which.
"""

import re
import unicodedata
from dataclasses import replace
from itertools import islice

from trustfund.core.money import CURRENCIES
from trustfund.core.refusal import Refused
from trustfund.services.statements.cells import MARKS, unsigned
from trustfund.services.statements.columns import COLUMNS, SEPARATORS, Mapping, table

NAMES = {
    "day": """booking date|date booked|transaction date|date|posting date|post date|entry date|booked
        |date operation|date de l operation|date comptable|date de comptabilisation|date d ecriture
        |buchungstag|buchungsdatum|buchung|datum
        |boekdatum|boekingsdatum|transactiedatum
        |fecha|fecha operacion|fecha de operacion|fecha contable|f operacion""",
    "value_date": """value date|value|valuta|valutadatum|wertstellung|wert|wertstellungsdatum|valutatag|rentedatum
        |date valeur|date de valeur|valeur|fecha valor|fecha de valor|f valor""",
    "amount": """amount|transaction amount|montant|montant de l operation|betrag|betrag in|umsatz|umsatz in
        |bedrag|transactiebedrag|importe|monto|cantidad""",
    "debit": """debit|debit amount|withdrawal|withdrawals|paid out|money out|debits
        |montant debit|soll|lastschrift|belastung|af|cargo|cargos|debe|debito""",
    "credit": """credit|credit amount|deposit|deposits|paid in|money in|credits
        |montant credit|haben|gutschrift|bij|abono|abonos|haber|credito""",
    "sign": """type|transaction type|debit or credit|cr dr|dr cr|credit debit|debit credit|credit debit indicator|d c
        |c d|sens|soll haben|s h|cd|af bij|bij af""",
    "balance": """balance|running balance|account balance|closing balance|solde|saldo|kontostand|saldo nach buchung
        |saldo na trn|saldo na mutatie|saldo disponible|solde apres operation""",
    "currency": "currency|ccy|devise|wahrung|waehrung|munt|muntsoort|valuta code|moneda|divisa|cur",
    "account": """account|account number|account no|own account|iban account|compte|numero de compte|konto
        |auftragskonto|iban auftragskonto|eigenes konto|rekening|rekeningnummer|iban bban|cuenta|numero de cuenta""",
    "counterparty": """counterparty account|counterparty iban|beneficiary account|other account|account to|tegenrekening
        |tegenrekening iban bban|gegenkonto|kontonummer iban|kontonummer|iban zahlungsbeteiligter|iban|compte tiers
        |compte contrepartie|compte beneficiaire|cuenta beneficiario|cuenta contraparte""",
    "name": """name|counterparty|counterparty name|payee|payer|beneficiary|beneficiary name|remitter|merchant
        |nom|tiers|contrepartie|beneficiaire|donneur d ordre|beguenstigter zahlungspflichtiger
        |begunstigter zahlungspflichtiger|auftraggeber beguenstigter|auftraggeber begunstigter|auftraggeber empfanger
        |empfanger|zahlungsempfanger|zahlungsempfanger in|name zahlungsbeteiligter
        |auftraggeber|naam|naam tegenpartij|naam omschrijving
        |tegenpartij|nombre|beneficiario|ordenante|contraparte""",
    "reference": """reference|ref|customer reference|end to end reference|end to end id|endtoendid|payment reference
        |reference client|reference operation|kundenreferenz|kundenreferenz end to end|referenz|referentie|kenmerk
        |betalingskenmerk|referencia|referencia cliente""",
    "bank_reference": """bank reference|transaction id|transaction reference|transaction number|bankreferenz
        |reference bancaire|reference banque|bankreferentie|volgnr|transactiereferentie|referencia banco""",
    "text": """description|details|narrative|memo|text|transaction details|remittance|remittance information|particulars
        |libelle|libelle operation|libelle de l operation|detail|motif|communication|nature de l operation
        |verwendungszweck|buchungstext|beschreibung|omschrijving|omschrijving 1|omschrijving 2|mededelingen
        |concepto|descripcion|detalle|observaciones""",
}
_BY_NAME = {" ".join(name.split()): field for field, names in NAMES.items() for name in names.split("|")}
_ENGLISH = {name.strip() for names in NAMES.values() for name in names.split("\n")[0].split("|")}
_PLAIN = re.compile(r"[^a-z0-9]+")
LOOKED_AT = 40  # rows before the header
SAMPLE = 2_000  # rows

_YEAR_FIRST = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(\D.*)?", re.ASCII)
_JOINED = re.compile(r"(19|20)\d{6}", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4}|\d\d)(\D.*)?", re.ASCII)


def guess(text: str) -> Mapping:
    """The mapping that the names of the columns, and the days and amounts below them, suggest."""
    separator, header, names, rows = _header(text)
    chosen: dict[str, str] = {}
    for name in names:
        field = _field(name)
        if field and field not in chosen:
            chosen[field] = name
        elif field == "text" and "more_text" not in chosen:
            chosen["more_text"] = name
    if "amount" in chosen:
        chosen = {field: name for field, name in chosen.items() if field not in ("debit", "credit")}
    cells = {field: [row[names.index(name)] for row in rows] for field, name in chosen.items()}
    if any(cell.casefold() not in MARKS for cell in cells.get("sign", [])):
        chosen.pop("sign")  # a type of another kind
    if "account" not in chosen and len(set(cells.get("counterparty", []))) == 1 and len(rows) > 1:
        chosen["account"] = chosen.pop("counterparty")  # an IBAN that never changes is our own
    return replace(
        Mapping(),
        **chosen,
        separator=separator,
        header=header,
        own_currency="" if "currency" in chosen else _currency_of_a_name(chosen),
        decimal=_decimal([each for field in ("amount", "debit", "credit", "balance") for each in cells.get(field, [])]),
        date_format=_date_format(cells["day"], all(_known(name) in _ENGLISH for name in chosen.values())),
    )


def plain(name: str) -> str:
    """“Date d’écriture” -> “date d ecriture”."""
    letters = unicodedata.normalize("NFKD", name.casefold().replace("ß", "ss"))
    return _PLAIN.sub(" ", "".join(c for c in letters if not unicodedata.combining(c))).strip()


def _field(name: str) -> str | None:
    """What a column is by its name."""
    return _BY_NAME.get(_known(name))


def _known(name: str) -> str:
    """A name without the currency that may stand behind it."""
    words = plain(name).split()
    named = len(words) > 1 and words[-1].upper() in {*CURRENCIES, "EURO", "EUROS"}
    return " ".join(words[:-1] if named else words)


def _currency_of_a_name(chosen: dict[str, str]) -> str:
    """EUR of “Betrag (EUR)”."""
    last = plain(chosen.get("amount", chosen.get("credit", ""))).split()[-1:]
    return next((word.upper() for word in last if word.upper() in CURRENCIES), "")


def _header(text: str) -> tuple[str, int, list[str], list[list[str]]]:
    """Separator, line of the header, its names, and the rows below, for the separator that shows the most names."""
    best: tuple[int, str, int, list[str], list[list[str]]] = (0, ",", 0, [], [])
    for separator in SEPARATORS:
        rows = _first_rows(text, separator)
        for index, (line, names) in enumerate(rows[:LOOKED_AT]):
            fields = {_field(name) for name in names} - {None}
            usable = "day" in fields and ("amount" in fields or {"debit", "credit"} <= fields)
            if usable and len(fields) > best[0]:
                below = [cells for _, cells in rows[index + 1 :] if len(cells) == len(names)]
                best = (len(fields), separator, line, names, below)
    if not best[0]:
        raise Refused(
            "No line of the file names a day and an amount in words that are known here. Choose the columns by hand.",
            field="file",
        )
    return best[1:]


def _first_rows(text: str, separator: str) -> list[tuple[int, list[str]]]:
    """As many rows as a guess needs; none if they do not stand apart by this separator."""
    try:
        return [(line, [cell.strip() for cell in cells]) for line, cells in islice(table(text, separator), SAMPLE)]
    except Refused:
        return []


def _decimal(cells: list[str]) -> str:
    """The decimal sign of amounts: the one by which all of them can be read."""
    digits = [re.sub(r"[^\d.,'’ \u00a0\u202f]", "", cell, flags=re.ASCII).strip() for cell in cells]
    digits = [each for each in digits if each]
    able = [sign for sign in ".," if all(unsigned(each, sign) is not None for each in digits)]
    if len(able) == 2 and any("." in each or "," in each for each in digits):
        told = {sign for each in digits for sign in ".," if re.search(rf"[{sign}](\d|\d\d)$", each, re.ASCII)}
        able = [sign for sign in able if sign in told]
    if not able or (len(able) == 2 and any("." in each or "," in each for each in digits)):
        raise Refused(
            "It cannot be told whether a comma or a point stands before the decimals. Choose the columns by hand.",
            field="file",
        )
    return able[0]


def _date_format(cells: list[str], english: bool) -> str:
    """How the days are written. 02/03/2018 below English names may be of February or March: then nobody guesses."""
    days = [cell for cell in cells if cell]
    if all(_YEAR_FIRST.fullmatch(cell) for cell in days):
        return "YYYY-MM-DD"
    if all(_JOINED.fullmatch(cell) for cell in days):
        return "YYYYMMDD"
    parts = [_YEAR_LAST.fullmatch(cell) for cell in days]
    if all(parts):
        numbers = [(int(p[1]), p[2], int(p[3])) for p in parts if p]
        if any(first > 12 for first, _, _ in numbers) or any(sign == "." for _, sign, _ in numbers) or not english:
            return "DD.MM.YYYY"
        if any(second > 12 for _, _, second in numbers):
            return "MM/DD/YYYY"
        raise Refused(
            "It cannot be told whether the day or the month comes first in {day}. Choose by hand.",
            field="file",
            day=days[0],
        )
    raise Refused("The column of days holds something that is not a day. Choose the columns by hand.", field="file")


assert set(NAMES) <= set(COLUMNS)
