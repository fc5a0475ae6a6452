"""How the sign-in library is bound to our accounts."""

import base64

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest

from cunjing.accounts.actions import set_password
from cunjing.accounts.models import User
from cunjing.accounts.queries import actor_for


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: the county makes the accounts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def set_password(self, user: User, password: str) -> None:
        """Change one's own password as every password is changed: checked, audited, and then the
        first password has done its duty."""
        changed = set_password(actor=actor_for(user=user), user_id=user.pk, password=password)
        user.password = changed.password
        user.must_change_password = changed.must_change_password

    def send_notification_mail(self, *args: object, **kwargs: object) -> None:
        """Accounts have no e-mail address, so there is nobody to write to."""


class SealedMfaAdapter(DefaultMFAAdapter):
    """Second factors named by login name, their secrets encrypted at rest."""

    def encrypt(self, text: str) -> str:
        """Encrypt a secret before it is stored."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again; raises InvalidToken after the secret key was changed."""
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, object]:
        """Who a passkey belongs to."""
        # The library reads the handle back as UTF-8.
        handle = user.pk.hex.encode()
        return {"id": handle, "display_name": user.display_name, "name": user.username}


def _fernet() -> Fernet:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"cunjing second factor")
    return Fernet(base64.urlsafe_b64encode(derive.derive(settings.SECRET_KEY.encode())))
