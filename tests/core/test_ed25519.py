"""Ed25519, written out in the verifier: the vectors of RFC 8032, 7.1."""

import hashlib

import pytest

from tests.core.signed_record import FUND
from trustfund.core.verifier import signature_holds

RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
        "655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
        "b00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
        "c027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").hexdigest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17a"
        "d9bef1177331a704",
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_the_signatures_of_rfc_8032_hold_and_no_other(public, message, signature):
    key, said, signed = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert signature_holds(key, said, signed)
    assert not signature_holds(key, said + b"\0", signed)
    assert not signature_holds(FUND.public, said, signed)
    assert not signature_holds(key, said, signed[:-1])
    assert not signature_holds(key[:-1], said, signed)
    assert not signature_holds(key, said, bytes([signed[0] ^ 1]) + signed[1:])
    assert not signature_holds(key, said, signed[:32] + bytes([signed[32] ^ 1]) + signed[33:])


def test_a_signature_with_the_order_of_the_curve_added_does_not_hold():
    key, signed = (bytes.fromhex(RFC_8032[1][place]) for place in (0, 2))
    larger = int.from_bytes(signed[32:], "little") + 2**252 + 27742317777372353535851937790883648493
    assert not signature_holds(key, b"r", signed[:32] + larger.to_bytes(32, "little"))
