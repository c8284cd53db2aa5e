"""What must the issuer of staff tokens be told? Its keys; and who proves its people, where another house does."""

from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator

from chassis.people.id_token import Registered
from chassis.settings import Key, ServiceSettings
from chassis.signing import LEAD_SECONDS


class StaffIssuerSettings(ServiceSettings):
    """Settings of intake as an issuer. Those of a provider are said together or not at all."""

    #: Its own are known here.
    staff_keys: str = ""
    #: Private Ed25519 keys, with which tokens of staff are signed: a JWK, a JWKS, or a folder of them.
    staff_key: Path
    #: A new key is published so long before it signs: many times as long as others take to ask again.
    key_lead_seconds: float = LEAD_SECONDS
    #: Seals the secrets of second factors, and what a browser keeps for a log-in elsewhere.
    master_key: Key
    #: Where browsers reach the suite: scheme and host.
    public_url: str = ""
    #: The ``iss`` of the OpenID provider at which people log in; without it they do so here, by password.
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    #: None: a public client, which the code challenge alone protects.
    oidc_client_secret: SecretStr | None = None
    #: The claim that lists what somebody is; dots lead into it.
    oidc_roles_claim: str = "groups"
    #: JSON: the provider's word → the role here. A word that is not in it gives nothing.
    oidc_roles: dict[str, str] = Field(default_factory=dict)
    #: How well the provider must have proved somebody (its word for a second factor).
    oidc_acr: str | None = None
    oidc_scope: str = "openid profile"

    def registered(self, base: str) -> Registered | None:
        """What provider and suite know of each other; None where people log in here."""
        if not self.oidc_issuer:
            return None
        secret = self.oidc_client_secret
        return Registered(
            self.oidc_issuer,
            self.oidc_client_id,
            secret.get_secret_value() if secret else None,
            f"{self.public_url.rstrip('/')}{base}/oidc/callback",
            self.oidc_roles,
            self.oidc_roles_claim,
            self.oidc_scope,
            self.oidc_acr,
        )

    @model_validator(mode="after")
    def _said_together(self) -> Self:
        if self.oidc_issuer:
            needed = ("public_url", "oidc_client_id", "oidc_roles")
            missing = [name.upper() for name in needed if not getattr(self, name)]
            if missing:
                raise ValueError(f"OIDC_ISSUER needs {', '.join(missing)}, too")
            if not all(urlsplit(one).scheme in ("http", "https") for one in (self.oidc_issuer, self.public_url)):
                raise ValueError("OIDC_ISSUER and PUBLIC_URL are addresses, http:// or https://")
        return self
