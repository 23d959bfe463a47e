"""What the entries of a mission's deeds are called; ``words.ACTION`` has them among all others."""

from trustfund.core.refusal import sentence

ACTION = {
    "nomination.made": sentence("Delegate nominated by the mission"),
    "application.endorsed": sentence("Endorsed by the mission"),
    "endorsement.withdrawn": sentence("Nomination taken back by the mission"),
    "government-order.set": sentence("Order of priority given by the mission"),
    "note-verbale.attached": sentence("Note verbale attached by the mission"),
    "note-verbale.promised": sentence("Note verbale promised by the mission"),
    "refusal.answered": sentence("Proposed refusal answered"),
    "replacement.requested": sentence("Replacement asked by the mission"),
    "focal-point.named": sentence("Focal point of a mission named"),
    "nomination.refused": sentence("Refused: nomination by a mission"),
    "endorsement.refused": sentence("Refused: word of a mission"),
    "government-order.refused": sentence("Refused: order of priority"),
    "note-verbale.refused": sentence("Refused: note verbale of a mission"),
    "replacement.refused": sentence("Refused: replacement asked by a mission"),
    "focal-point.refused": sentence("Refused: focal point of a mission"),
}
