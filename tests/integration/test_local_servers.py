"""The servers keep what they confirmed through a kill, and leave nothing running, whatever ends their owner."""

import os
import signal
import smtplib
import subprocess
import sys
from pathlib import Path
from time import monotonic

import aio_pika
import httpx
import pytest
from aio_pika import DeliveryMode, Message
from kit.servers import silently
from pymongo import MongoClient
from slkt_local.broker import Broker, NativeBroker
from slkt_local.database import Database
from slkt_local.guard import descendants
from slkt_local.mail import MailServer, mails
from slkt_local.servers import both
from slkt_local.waiting import wait_until

LIST_SECONDS = 3
START_BOTH_AND_STAY = """
import os, signal, sys
from pathlib import Path
from slkt_local.guard import descendants
from slkt_local.servers import start_both
# A shell that starts its work in the background has it ignore an interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)
start_both(Path(sys.argv[1]))
print("running", *descendants(os.getpid()), flush=True)
signal.pause()
"""


def names(processes: list[int]) -> set[str]:
    return {Path(f"/proc/{each}/comm").read_text().strip() for each in processes if Path(f"/proc/{each}").exists()}


def runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def test_nothing_is_left_running_after_the_end(tmp_path: Path) -> None:
    before = set(descendants(os.getpid()))
    with both(tmp_path, say=silently) as (broker, database):
        assert broker.pid and database.pid
        started = [each for each in descendants(os.getpid()) if each not in before]
        assert {"beam.smp", "epmd", "mongod"} <= names(started)
    assert [each for each in started if runs(each)] == []


@pytest.mark.parametrize(
    "number", [signal.SIGKILL, *(pytest.param(one, marks=pytest.mark.long) for one in (signal.SIGTERM, signal.SIGINT))]
)
def test_nothing_is_left_running_when_the_owner_is_killed(tmp_path: Path, number: int) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", START_BOTH_AND_STAY, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert owner.stdout is not None
    started = next(line for line in owner.stdout if line.startswith("running")).split()[1:]
    processes = [int(each) for each in started]
    assert {"beam.smp", "epmd", "mongod"} <= names(processes)
    owner.send_signal(number)
    owner.wait(60)
    owner.stdout.close()
    wait_until(
        lambda: not any(map(runs, processes)), what="every process of the dead owner is gone", timeout_seconds=20
    )


async def test_a_killed_broker_keeps_what_it_confirmed(broker: Broker, empty_vhost: str) -> None:
    async with await aio_pika.connect(empty_vhost) as connection:
        channel = await connection.channel(publisher_confirms=True)
        since = monotonic()
        await channel.declare_queue("kept", durable=True, arguments={"x-queue-type": "quorum"})
        await channel.default_exchange.publish(Message(b"kept", delivery_mode=DeliveryMode.PERSISTENT), "kept")
    # RabbitMQ 3.10 writes the list of its quorum queues to disk a moment after it has confirmed one: killed within
    # that moment, it comes back with a queue that never answers. Messages in a queue known before are not concerned.
    wait_until(lambda: monotonic() > since + LIST_SECONDS, what="the new queue is written down", timeout_seconds=10)
    address = broker.amqp_url
    broker.kill()
    assert broker.pid is None
    broker.start()
    assert broker.amqp_url == address
    async with await aio_pika.connect(empty_vhost) as connection:
        queue = await (await connection.channel()).declare_queue("kept", passive=True)
        message = await queue.get(timeout=10)
        assert message is not None and message.body == b"kept"
        await message.ack()


def test_a_killed_database_keeps_what_it_acknowledged(mongod: Database, empty_database: str) -> None:
    with mongod.client() as client:
        client[empty_database]["things"].insert_one({"_id": "kept"})
    mongod.kill()
    assert mongod.pid is None
    mongod.start()
    with mongod.client() as client:
        assert client[empty_database]["things"].find_one() == {"_id": "kept"}


def test_a_stopped_database_comes_back_on_the_same_port(mongod: Database, empty_database: str) -> None:
    with MongoClient[dict[str, object]](mongod.mongo_url) as client:
        client[empty_database]["things"].insert_one({"_id": "before"})
        mongod.restart()
        client[empty_database]["things"].insert_one({"_id": "after"})
        assert client[empty_database]["things"].count_documents({}) == 2


def test_a_frozen_database_goes_on_where_it_was(mongod: Database, empty_database: str) -> None:
    with mongod.client() as client:
        mongod.freeze()
        mongod.thaw()
        client[empty_database]["things"].insert_one({"_id": "after"})


def test_failures_can_be_ordered_from_the_database(mongod: Database) -> None:
    with mongod.client() as client:
        client.admin.command("configureFailPoint", "failCommand", mode="off")


def test_guest_does_not_exist(broker: Broker) -> None:
    said = httpx.get(f"{broker.management_url}/api/users", auth=("guest", "guest"), trust_env=False)
    assert said.status_code == 401
    operator = (broker.operator.user, broker.operator.password)
    users = httpx.get(f"{broker.management_url}/api/users", auth=operator, trust_env=False).json()
    assert "guest" not in [user["name"] for user in users]


def test_what_holds_secrets_is_private(tmp_path: Path) -> None:
    broker = NativeBroker(tmp_path / "broker", say=silently)
    assert (tmp_path / "broker" / "address.json").stat().st_mode & 0o777 == 0o600
    again = NativeBroker(tmp_path / "broker", say=silently)
    assert again.amqp_url == broker.amqp_url


def test_the_mail_server_keeps_each_mail_as_a_file(tmp_path: Path) -> None:
    server = MailServer(tmp_path)
    server.start()
    try:
        with smtplib.SMTP("127.0.0.1", server.port) as client:
            client.sendmail("slkt@contoh.example", ["siti@contoh.example"], "Subject: Terdaftar\r\n\r\nNomor\r\n")
            with pytest.raises(smtplib.SMTPRecipientsRefused, match="550"):
                client.sendmail("slkt@contoh.example", ["refuse-me@contoh.example"], "Subject: x\r\n\r\nx\r\n")
            with pytest.raises(smtplib.SMTPRecipientsRefused, match="451"):
                client.sendmail("slkt@contoh.example", ["later-me@contoh.example"], "Subject: x\r\n\r\nx\r\n")
    finally:
        server.stop()
    kept = [(mail["Subject"], mail["X-Envelope-To"]) for mail in mails(server.mail_dir)]
    assert kept == [("Terdaftar", "siti@contoh.example")]
