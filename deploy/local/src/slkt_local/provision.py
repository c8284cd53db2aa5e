"""Is a given broker and database ready for the suite? Afterwards yes: accounts and topology; twice is harmless.

For containers (deploy/compose.yaml, the provision Job): SLKT_AMQP_URL, SLKT_AMQP_MANAGEMENT_URL, SLKT_MONGO_URL are an
administrator's, SLKT_ACCOUNTS names the file of passwords ("broker/<user>", "database/<service>") to be set.
"""

import asyncio
import json
import sys
import tempfile
from pathlib import Path

from chassis.topology import declare

from contracts import topology
from slkt_local.accounts import declare_accounts
from slkt_local.servers import start_broker, start_database
from slkt_local.settings import accounts_file, not_said_for_provisioning


def main() -> int:
    if missing := not_said_for_provisioning():
        print(f"provision: not said: {', '.join(missing)}; deploy/make_secrets.py writes them", file=sys.stderr)
        return 2
    given = json.loads(accounts_file().read_text())
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
