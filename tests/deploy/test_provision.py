"""The secrets of a deployment make a given broker and database ready: every service logs in, as itself only."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import aio_pika
import pytest
from deploy.rendering import ROOT
from kit.servers import silently
from pymongo import MongoClient
from pymongo.errors import OperationFailure
from slkt_local.servers import both


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *command], capture_output=True, text=True, env=environment)


def told(folder: Path, service: str) -> dict[str, str]:
    lines = (folder / f"{service.replace('_', '-')}.env").read_text().splitlines()
    return {name.removeprefix(f"{service.upper()}_"): value for name, _, value in (one.partition("=") for one in lines)}


def test_provisioning_without_urls_says_which_are_missing() -> None:
    done = run("-m", "slkt_local.provision")
    assert done.returncode == 2
    assert "SLKT_AMQP_URL" in done.stderr


async def test_services_log_in_with_the_secrets_after_provisioning_twice(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    assert run(str(ROOT / "deploy" / "make_secrets.py"), str(secrets)).returncode == 0
    with both(tmp_path, say=silently) as (broker, database):
        given = {
            "SLKT_AMQP_URL": broker.amqp_url,
            "SLKT_AMQP_MANAGEMENT_URL": broker.management_url,
            "SLKT_MONGO_URL": database.mongo_url,
            "SLKT_ACCOUNTS": str(secrets / "provision" / "accounts.json"),
        }
        for _ in range(2):
            done = run("-m", "slkt_local.provision", **given)
            assert done.returncode == 0, done.stderr
        for service in ("intake", "routing", "pujk_gateway", "notifier", "tracking"):
            urls = told(secrets, service)
            here = urls["AMQP_URL"].replace("rabbitmq:5672", f"{broker.host}:{broker.port}")
            async with await aio_pika.connect(here) as connection:
                await (await connection.channel()).get_queue(f"{service}.inbox")
            client: MongoClient[dict[str, Any]] = MongoClient(urls["MONGO_URL"].replace("mongo:27017", database.hosts))
            with client:
                client[service].tried.insert_one({})
                with pytest.raises(OperationFailure, match="not authorized"):
                    client["another"].tried.insert_one({})
