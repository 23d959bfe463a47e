"""What sealed data are called, why they are shown, and what its entries are called; ``words.ACTION`` has those too."""

from trustfund.core.refusal import sentence

ACTION = {
    "personal.unmasked": sentence("Sealed data shown to an officer"),
    "personal.refused": sentence("Refused: showing of sealed data"),
}
WHAT = {
    "passport": sentence("Passport"),
    "bank": sentence("Bank details"),
}
REASON = {
    "screening": sentence("To screen the file"),
    "duplicate": sentence("To compare it with a probable duplicate"),
    "ticket": sentence("To buy the ticket"),
    "payment": sentence("To pay the advance or the balance"),
    "traveller": sentence("The traveller asked"),
    "audit": sentence("An auditor asked"),
    "other": sentence("Another reason"),
}
