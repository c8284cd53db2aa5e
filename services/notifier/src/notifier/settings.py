"""What must the notifier be told? Environment variables ``NOTIFIER_*``; ``LINK_KEY`` is base64 of 32 bytes, tracking's
too."""

from pathlib import Path

from chassis.settings import Key, ServiceSettings
from pydantic import SecretStr
from pydantic_settings import SettingsConfigDict


class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="NOTIFIER_")

    mongo_database: str = "notifier"
    #: A mail may leave a moment later than a page can be seen.
    pace_seconds: float = 0.1
    #: ``smtp://[user:password@]host:port`` (STARTTLS where the server offers it) or ``smtps://…``.
    smtp_url: SecretStr
    #: Connections held open to the mail server at most, and mails under way at the same time.
    smtp_connections: int = 20
    #: ``address`` or ``Name <address>``.
    mail_from: str
    tracking_url: str
    #: Seals the links of mails, which tracking opens.
    link_key: Key
    key_desk_url: str
    service_key: Path
