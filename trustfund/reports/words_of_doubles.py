"""What the entries of judgements on probable doubles are called; ``words.ACTION`` has them among all others."""

from trustfund.core.refusal import sentence

ACTION = {
    "double.ruled-out": sentence("Two applications judged to be of two persons"),
    "double.reopened": sentence("Two applications compared again"),
    "double.refused": sentence("Refused: judgement on two applications"),
}
