"""Is a given broker and database ready for the suite? Afterwards yes: accounts and topology; twice is harmless.

For containers (deploy/compose.yaml, the provision Job): SLKT_AMQP_URL, SLKT_AMQP_MANAGEMENT_URL, SLKT_MONGO_URL are an
administrator's, SLKT_ACCOUNTS names the file of passwords ("broker/<user>", "database/<service>") to be set.
"""

import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path

from chassis.topology import declare

from contracts import topology
from slkt_local.accounts import declare_accounts
from slkt_local.servers import start_broker, start_database

NEEDED = ("SLKT_AMQP_URL", "SLKT_AMQP_MANAGEMENT_URL", "SLKT_MONGO_URL", "SLKT_ACCOUNTS")


def main() -> int:
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        print(f"provision: not said: {', '.join(missing)}; deploy/make_secrets.py writes them", file=sys.stderr)
        return 2
    given = json.loads(Path(os.environ["SLKT_ACCOUNTS"]).read_text())
    with tempfile.TemporaryDirectory() as scratch:
        # A copy: the file itself is mounted read-only, and a user that is new in this version gets a password here.
        store = Path(scratch) / "accounts.json"
        store.write_text(json.dumps(given))
        broker, database = start_broker(Path(scratch)), start_database(Path(scratch))
        declare_accounts(broker, database, store)
        if fresh := sorted(json.loads(store.read_text()).keys() - given.keys()):
            print(f"provision: no password was given for {', '.join(fresh)}: make the secrets anew", file=sys.stderr)
            return 1
    asyncio.run(declare(broker.amqp_url, topology.suite(), dead_exchange=topology.DEAD))
    print("provision: accounts and topology stand")
    return 0


if __name__ == "__main__":
    sys.exit(main())
