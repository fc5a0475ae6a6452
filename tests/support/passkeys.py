"""A passkey in software, for tests: what a phone or a USB key does, with a key of its own."""

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

ORIGIN = "https://testserver"
_SEEN = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


@dataclass(slots=True)
class Passkey:
    """One credential for one site; `user_handle` is set when it is registered."""

    site: str = "testserver"
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    user_handle: bytes = b""

    def register(self, options: Any) -> dict[str, Any]:
        """Answer the site's request to register."""
        asked = options["publicKey"]
        self.user_handle = _raw(asked["user"]["id"])
        make_key: Any = ES256.from_cryptography_key  # the library leaves it untyped
        attested = AttestedCredentialData.create(
            bytes(16), self.credential_id, make_key(self.key.public_key())
        )
        data = AuthenticatorData.create(
            self._site_digest(), _SEEN | AuthenticatorData.FLAG.AT, 0, attested
        )
        attestation = AttestationObject.create("none", data, {})
        client = _client_data("webauthn.create", asked["challenge"])
        return self._answer(
            clientDataJSON=websafe_encode(client), attestationObject=websafe_encode(attestation)
        )

    def sign_in(self, options: Any) -> dict[str, Any]:
        """Answer the site's request to prove who is there."""
        asked = options["publicKey"]
        client = _client_data("webauthn.get", asked["challenge"])
        data = AuthenticatorData.create(self._site_digest(), _SEEN, 1)
        signature = self.key.sign(data + client.hash, ec.ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=websafe_encode(client),
            authenticatorData=websafe_encode(data),
            signature=websafe_encode(signature),
            userHandle=websafe_encode(self.user_handle),
        )

    def _site_digest(self) -> bytes:
        return hashlib.sha256(self.site.encode()).digest()

    def _answer(self, **response: str) -> dict[str, Any]:
        name = websafe_encode(self.credential_id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {"credProps": {"rk": True}},
        }


def _client_data(kind: str, challenge: str | bytes) -> CollectedClientData:
    return CollectedClientData.create(kind, challenge, ORIGIN)


def _raw(value: str | bytes) -> bytes:
    return websafe_decode(value) if isinstance(value, str) else value
