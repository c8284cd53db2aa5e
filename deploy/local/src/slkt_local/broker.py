"""One RabbitMQ: where it is, who runs it, and how to stop, kill or freeze it. Here: given by a URL, or native."""

import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx
from chassis.trust import trust

from slkt_local.addresses import OPERATOR, Login, new_password, remembered, write_private
from slkt_local.install import Say, rabbitmq_server
from slkt_local.plugins import ENABLED, only_needed
from slkt_local.ports import LOOPBACK, free_ports, listens
from slkt_local.private_root import command
from slkt_local.processes import Program
from slkt_local.server import Given, Native, NotOurs, Server
from slkt_local.settings import inherited

VHOST = "slkt"
MAX_MESSAGE_BYTES = 8 * 1024 * 1024
START_SECONDS = 90
NODE = "slkt@localhost"

CONFIGURATION = """\
listeners.tcp.1 = 127.0.0.1:{port}
management.tcp.ip = 127.0.0.1
management.tcp.port = {management_port}
default_vhost = {vhost}
default_user = {user}
default_pass = {password}
max_message_size = {max_message_bytes}
disk_free_limit.absolute = 200MB
collect_statistics_interval = 1000
log.console = true
log.console.level = warning
log.file = false
"""


class Broker(Server):
    """A running RabbitMQ. `management_url` carries no password; `operator` is an administrator."""

    def __init__(
        self, *, host: str, port: int, management_url: str, operator: Login, vhost: str = VHOST, scheme: str = "amqp"
    ) -> None:
        self.host = host
        self.port = port
        self.management_url = management_url
        self.operator = operator
        self.vhost = vhost
        self._scheme = scheme

    @property
    def amqp_url(self) -> str:
        """The administrator's."""
        return self.url_for(self.operator)

    def url_for(self, login: Login) -> str:
        return f"{self._scheme}://{login.in_url()}@{self.host}:{self.port}/{self.vhost}"

    def management_url_for(self, login: Login) -> str:
        scheme, _, where = self.management_url.partition("://")
        return f"{scheme}://{login.in_url()}@{where}"

    def answers(self) -> bool:
        """Management answers its administrator, and AMQP listens."""
        try:
            said = httpx.get(
                f"{self.management_url}/api/overview",
                auth=(self.operator.user, self.operator.password),
                timeout=5,
                trust_env=False,
                verify=trust(self.management_url),
            )
        except httpx.HTTPError:
            return False
        return said.status_code == 200 and listens(self.port, self.host)


class GivenBroker(Given, Broker):
    """The one the environment names."""

    setting = "SLKT_AMQP_URL"

    def __init__(self, amqp_url: str, management_url: str) -> None:
        amqp, management = urlsplit(amqp_url), urlsplit(management_url)
        user, password = management.username or amqp.username, management.password or amqp.password
        login = Login(unquote(user or ""), unquote(password or ""))
        where = f"{management.hostname}:{management.port or 15672}{management.path.rstrip('/')}"
        super().__init__(
            host=amqp.hostname or LOOPBACK,
            port=amqp.port or (5671 if amqp.scheme == "amqps" else 5672),
            management_url=f"{management.scheme}://{where}",
            operator=login,
            vhost=unquote(amqp.path.removeprefix("/")) or VHOST,
            scheme=amqp.scheme,
        )

    def start(self) -> None:
        if not self.answers():
            raise NotOurs(
                f"the broker of SLKT_AMQP_URL does not answer: {self.management_url}, {self.host}:{self.port}"
            )


class NativeBroker(Native, Broker):
    """A private node: own ports (Erlang's port mapper too), own cookie, own data; beside any other node.

    With `private_root` its program comes from there, else from this machine's package.
    """

    def __init__(self, root: Path, *, say: Say = print, private_root: Path | None = None) -> None:
        self._root = root
        self._say = say
        self._private_root = private_root
        amqp, management, distribution, mapper = free_ports(4)
        known = remembered(
            root / "address.json",
            {
                "port": amqp,
                "management_port": management,
                "distribution_port": distribution,
                "mapper_port": mapper,
                "password": new_password(),
            },
        )
        self._distribution_port, self._mapper_port = int(known["distribution_port"]), int(known["mapper_port"])
        self._management_port = int(known["management_port"])
        super().__init__(
            host=LOOPBACK,
            port=int(known["port"]),
            management_url=f"http://{LOOPBACK}:{self._management_port}",
            operator=Login(OPERATOR, known["password"]),
        )

    def start(self) -> None:
        # A default user of our own means that `guest` is never made.
        write_private(
            self._root / "rabbitmq.conf",
            CONFIGURATION.format(
                port=self.port,
                management_port=self._management_port,
                vhost=self.vhost,
                user=self.operator.user,
                password=self.operator.password,
                max_message_bytes=MAX_MESSAGE_BYTES,
            ),
        )
        (self._root / "enabled_plugins").write_text(f"[{ENABLED}].\n")
        self.program = Program(
            "rabbitmq",
            self._command("rabbitmq-server"),
            env=self._environment(),
            log=self._root / "rabbitmq.log",
            cwd=self._root,
        )
        try:
            self.program.wait_until(self.answers, what="answering", timeout_seconds=START_SECONDS)
        except BaseException:
            self.program.kill()
            raise

    def control(self, *arguments: str) -> str:
        """`rabbitmqctl` on this node; some 2 s. Errors: subprocess.CalledProcessError."""
        said = subprocess.run(
            [*self._command("rabbitmqctl"), "--node", NODE, *arguments],
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return said.stdout

    def _command(self, program: str) -> list[str]:
        if self._private_root:
            return command(self._private_root, program)
        return [str(rabbitmq_server(self._say).with_name(program))]

    def _environment(self) -> dict[str, str]:
        root = self._root.resolve()
        return {
            **inherited(),
            "HOME": str(root),
            "RABBITMQ_NODENAME": NODE,
            "RABBITMQ_NODE_IP_ADDRESS": LOOPBACK,
            "RABBITMQ_DIST_PORT": str(self._distribution_port),
            "ERL_EPMD_PORT": str(self._mapper_port),
            "ERL_EPMD_ADDRESS": LOOPBACK,
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_MNESIA_BASE": str(root / "data"),
            "RABBITMQ_LOG_BASE": str(root / "log"),
            "RABBITMQ_CONFIG_FILE": str(root / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(root / "advanced.config"),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(root / "enabled_plugins"),
            "RABBITMQ_PID_FILE": str(root / "pid"),
            # Makes the script become the Erlang machine, which then takes signals itself, without a shell in between.
            "RUNNING_UNDER_SYSTEMD": "true",
            **self._plugins(),
        }

    def _plugins(self) -> dict[str, str]:
        if self._private_root:
            return {}
        server = rabbitmq_server(self._say).resolve()
        return only_needed(server.parent.parent / "plugins", self._root.resolve() / "plugins")
