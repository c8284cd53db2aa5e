"""What must the notifier be told? Environment variables ``NOTIFIER_*``; ``LINK_KEY`` is base64 of 32 bytes, tracking's
too."""

from pathlib import Path

from chassis.settings import Key, ServiceSettings
from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from notifier.domain.mails import Way


class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="NOTIFIER_")

    mongo_database: str = "notifier"
    #: A mail may leave a moment later than a page can be seen.
    pace_seconds: float = 0.1
    #: ``smtp://[user:password@]host:port`` (STARTTLS where the server offers it) or ``smtps://…``.
    smtp_url: SecretStr
    #: Connections held open to the mail server at most, and messages of one way under way at the same time.
    smtp_connections: int = 20
    #: ``address`` or ``Name <address>``.
    mail_from: str
    tracking_url: str
    #: Seals the links of mails, which tracking opens.
    link_key: Key
    #: Apprise URLs with ``{to}``, which may hold a secret; a way without one is not offered, and mail goes instead.
    sms_url: SecretStr | None = None
    whatsapp_url: SecretStr | None = None
    push_url: SecretStr | None = None
    #: No message waits longer for what else happens than this; without it as ``data/ways.json`` says.
    gather_seconds: float | None = Field(default=None, ge=0)
    #: How often a worker looks whose reminder has come; so long the broker must have answered before.
    clocks_every_seconds: float = Field(default=2.0, gt=0)
    steady_seconds: float = Field(default=30.0, ge=0)
    key_desk_url: str
    service_key: Path

    def providers(self) -> dict[Way, str]:
        """By way, those that the operator set."""
        said: dict[Way, SecretStr | None] = {"sms": self.sms_url, "whatsapp": self.whatsapp_url, "push": self.push_url}
        return {way: url.get_secret_value() for way, url in said.items() if url is not None}
