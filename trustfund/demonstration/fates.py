"""What becomes of the demonstration's seats: every state of an award, and every way to it, is told of somebody."""

TOLD = {
    "T1": ["good", "declined", "silent"],
    "T2": ["good", "cancelled", "left-early"],
    "T3": ["good", "returned"],
    "T4": ["good", "sent-back", "declined", "silent"],
    "T5": ["good", "no-show"],
    "T6": ["dearer", "good", "written-off"],
    "P2": ["failed", "no-claim", "late-claim", "prepared", "unpaid", "owes", "replaced", "settled-anew", "cancelled"],
}
"""What becomes of the first seats of a meeting, so that every state of an award can be seen, and every way to it."""
FATES = (  # of the others every n-th of the fund, beginning with the k-th
    (19, 4, "declined"),
    (29, 9, "silent"),
    (31, 12, "cancelled"),
    (37, 17, "no-show"),
    (23, 7, "left-early"),
)
IN_PERSON = ("no-claim", "late-claim", "returned")
"""What only a delegate with an account can be told of."""
BY_BANK = ("failed", "no-show", "written-off", "unpaid", "owes")
LATER = {
    "prepared": ("2018-01-22", "2018-01-25"),
    "unpaid": ("2018-01-16", "2018-01-22"),
    "owes": ("2018-01-10", "2018-01-16"),
}
"""The settlements that took the office longer: prepared and approved on these days."""
LATE_CLAIM = "2018-01-23"
QUICK = (
    (0, "cash"),
    (4, "bank"),
    (1, "cash"),
    (2, "bank"),
    (3, "cash"),
    (4, "cash"),
    (4, "bank"),
    (1, "bank"),
    (0, "bank"),
)
"""Some seats of the round that was selected yesterday are answered this morning: how many steps further they have come,
and how they are paid. Who has a ticket and an account at a bank is paid before noon."""
