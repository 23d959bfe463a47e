"""Who gives: the kinds of donors, which of them may ask not to be named in public, and who accepts one."""

from trustfund.core.refusal import sentence

KINDS = ("state", "igo", "ngo", "private", "individual")
MAY_BE_UNNAMED = ("ngo", "private", "individual")
"""A State and an intergovernmental organization are always named."""
PAPERS = ("en", "fr")
"""Languages in which the papers of a donor are drawn."""
NOT_ACCEPTED = sentence(
    "{donor} is not accepted as a donor yet. A second officer accepts it on its page. Nothing has been changed."
)
BY_ANOTHER = sentence("You registered or changed this donor; a second officer accepts it. Nothing has been changed.")
ACCEPTED_ALREADY = sentence("This donor is accepted already. Nothing has been changed.")
