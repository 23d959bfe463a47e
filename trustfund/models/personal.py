"""Where personal data stand in the database: one list, from which they are erased, sealed in backups and counted.

Names of ours in every statement here, and no value of anybody. Tables as they are since revision 0018.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

NOBODY = "{person}@erased.invalid"
"""The address of a person who was erased: one for each, and no mail reaches it (RFC 2606)."""
ERASABLE = ("delegate", "donor", "mission")
"""Roles of accounts that can be erased. The names of those who decide for the fund stand with what they decided."""


@dataclass(frozen=True)
class Path:
    """How the rows of a table lead to a person. ``whose``: the reference under which that person's key lies, of a row,
    or NULL; ``rows``: the rows of one person, by :person, :applications and :awards; ``once``: whose a row was when it
    was emptied, where a later deed can change it."""

    whose: str
    rows: str
    once: str = ""


@dataclass(frozen=True)
class Held:
    """Columns of a table that tell of a person. ``kind``: a word of reports.words_of_personal_data; ``blank``:
    column -> what stands there once the person is erased."""

    table: str
    kind: str
    blank: Mapping[str, object]
    path: Path

    def blank_for(self, person: str) -> dict[str, object]:
        return {
            name: value.format(person=person) if isinstance(value, str) else value for name, value in self.blank.items()
        }


_PERSON = "coalesce((SELECT account.reference FROM account WHERE account.id = {0}.account_id), {0}.reference)"


def _account(column: str) -> Path:
    roles = ", ".join(f"'{role}'" for role in ERASABLE)
    return Path(f"CASE WHEN account.role IN ({roles}) THEN account.{column} END", f"{column} = :person")


def _of_application(table: str) -> Path:
    one = f"SELECT {_PERSON.format('application')} FROM application WHERE application.id = {table}.application_id"
    return Path(f"({one})", "application_id IN :applications")


def _of_award(table: str) -> Path:
    one = f"""SELECT {_PERSON.format("application")} FROM award JOIN application
        ON application.id = award.application_id WHERE award.id = {table}.award_id"""
    return Path(f"({one})", "award_id IN :awards")


_DONOR = "CASE WHEN donor.type = 'individual' THEN donor.reference END"
_MOVED = """CASE WHEN override.public IS NOT NULL THEN
    (SELECT {person} FROM application WHERE application.public = override.public) END""".format(
    person=_PERSON.format("application")
)
_PROPOSED = """CASE WHEN proposal.deed = 'override.recorded' THEN (SELECT {person} FROM application
        WHERE replace(proposal.content, '"public":"' || application.public || '"', '') <> proposal.content)
    ELSE (SELECT {person} FROM award JOIN application ON application.id = award.application_id
        WHERE award.reference = proposal.subject) END""".format(person=_PERSON.format("application"))
_PROPOSALS = """subject IN (SELECT reference FROM award WHERE id IN :awards)
    OR deed = 'override.recorded' AND EXISTS (SELECT 1 FROM application WHERE application.id IN :applications
        AND replace(content, '"public":"' || application.public || '"', '') <> content)"""
_PAYEE = f"CASE WHEN award.id IS NULL THEN donor.reference ELSE {_PERSON.format('application')} END"
_EVER = """FROM line_match JOIN event ON event.seq = line_match.entry
    LEFT JOIN award ON award.reference = event.subject LEFT JOIN application ON application.id = award.application_id
    LEFT JOIN deposit ON deposit.seq = event.seq
    LEFT JOIN donor ON donor.id = deposit.donor_id AND donor.type = 'individual'"""
_MATCHED = f"{_EVER} WHERE line_match.id NOT IN (SELECT match_id FROM match_undone)"
_PAID = f"""(SELECT CASE WHEN count(*) = count({_PAYEE}) AND min({_PAYEE}) = max({_PAYEE}) THEN min({_PAYEE}) END
    {_MATCHED} AND line_match.line_id = statement_line.id)"""
_ONCE_PAID = f"""(SELECT min({_PAYEE}) {_EVER} WHERE line_match.line_id = statement_line.id
    AND {_PAYEE} IN (SELECT person FROM erasure))"""
_HERS = "(coalesce(award.id IN :awards, FALSE) OR coalesce(donor.reference = :person, FALSE))"
_PAID_LINES = f"""id IN (SELECT line_match.line_id {_MATCHED} AND {_HERS})
    AND id NOT IN (SELECT line_match.line_id {_MATCHED} AND NOT {_HERS})"""
"""A line that is the payment of one person, or what one gave: one that is of several, or of nobody, names nobody."""


def _held(table: str, kind: str, path: Path, blank: Mapping[str, object] | str) -> Held:
    columns = dict.fromkeys(blank.split(), "") if isinstance(blank, str) else blank
    return Held(table, kind, MappingProxyType(columns), path)


_OWN = Path(_PERSON.format("application"), "id IN :applications")
_CONTACT = {"email": NOBODY, "telephone": ""}
_NAMES = dict.fromkeys(
    ["given_names", "family_name", "folded", "passport_name", "position", "organisation", "external_reference"], ""
)
_JOURNEY: dict[str, object] = dict.fromkeys(["home_city", "fare", "fare_currency", "others_pay"], "")
HELD = (
    _held("account", "account", _account("reference"), {"email": NOBODY, "name": "", "password": ""}),
    _held("application", "identity", _OWN, {**_NAMES, "date_of_birth": None}),
    _held("application", "contact", _OWN, {**_CONTACT, "lookup": ""}),
    _held("application", "nomination", _OWN, {"note_verbale": "", "note_verbale_date": None}),
    _held("application", "passport", _OWN, {"passport_sealed": None, "passport_masked": "", "passport_mark": ""}),
    _held("application", "bank", _OWN, {"bank_sealed": None, "bank_masked": ""}),
    _held("application", "journey", _OWN, {**_JOURNEY, "arrives_on": None, "leaves_on": None}),
    _held("document", "files", _of_application("document"), "name stored"),
    _held("screening", "words", _of_application("screening"), "words"),
    _held("application_note", "words", _of_application("application_note"), "words"),
    _held("unmasking", "words", _of_application("unmasking"), "words"),
    _held("award", "identity", _of_application("award"), "person"),
    _held("award", "words", _of_application("award"), "reason sent_back_why journey_reason cancelled_why"),
    _held("award", "journey", _of_application("award"), "ticket_number"),
    _held("quote", "journey", _of_award("quote"), "route source"),
    _held("bank_details", "bank", Path("bank_details.person", "person = :person"), {"sealed": b"", "masked": ""}),
    _held("payment", "words", _of_award("payment"), "why_failed"),
    _held("claim", "journey", _of_award("claim"), "words report returned"),
    _held("settlement", "words", _of_award("settlement"), {"adjustments": "[]"}),
    _held(
        "override",
        "words",
        Path(_MOVED, "public IN (SELECT public FROM application WHERE id IN :applications)"),
        "reason",
    ),
    _held("proposal", "words", Path(_PROPOSED, _PROPOSALS), "reason"),
    _held(
        "statement_line",
        "bank",
        Path(_PAID, _PAID_LINES, _ONCE_PAID),
        "bank_reference reference name counterparty text",
    ),
    _held("mail", "mail", Path("nullif(mail.person, '')", "person = :person"), "recipient subject text failure"),
    _held(
        "donor",
        "donor",
        Path(_DONOR, "reference = :person AND type = 'individual'"),
        {"name": "{person}", "folded": ""},
    ),
    _held(
        "letter",
        "files",
        Path(
            f"(SELECT {_DONOR} FROM pledge JOIN donor ON donor.id = pledge.donor_id "
            "WHERE pledge.id = letter.pledge_id)",
            "pledge_id IN (SELECT pledge.id FROM pledge JOIN donor ON donor.id = pledge.donor_id "
            "WHERE donor.reference = :person AND donor.type = 'individual')",
        ),
        "name stored",
    ),
)
"""Everything that tells of a person who can be erased, by table and kind."""


def of_table(name: str) -> list[Held]:
    return [held for held in HELD if held.table == name]


def blanks(helds: Iterable[Held], person: str) -> dict[str, object]:
    return {name: value for held in helds for name, value in held.blank_for(person).items()}
