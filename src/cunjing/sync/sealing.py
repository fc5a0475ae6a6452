"""Opening what a withdrawn device sealed to the server's key: ECDH on P-256, HKDF, AES-GCM.

The sealed bytes are the sender's one-time public point (65 bytes), the nonce (12), the ciphertext
with its tag. The device's id is bound in, so that nothing sealed by one is opened as another's.
"""

from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

POINT, NONCE, TAG, KEY = 65, 12, 16, 32
INFO = b"cunjing handover 1"
OVERHEAD = POINT + NONCE + TAG


class UnreadableSealError(ValueError):
    """Not sealed to this key by this device, or altered on the way."""


def unsealed(sealed: bytes, *, key: ec.EllipticCurvePrivateKey, device_id: UUID) -> bytes:
    """What was sealed. Raises UnreadableSealError for anything else."""
    point, nonce, text = sealed[:POINT], sealed[POINT : POINT + NONCE], sealed[POINT + NONCE :]
    try:
        sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        shared = key.exchange(ec.ECDH(), sender)
        return AESGCM(_key(shared, point=point)).decrypt(nonce, text, str(device_id).encode())
    except (InvalidTag, ValueError) as error:
        raise UnreadableSealError("not sealed to this server by this device") from error


def _key(shared: bytes, *, point: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY, salt=point, info=INFO).derive(shared)
