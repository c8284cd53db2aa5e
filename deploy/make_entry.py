"""Do compose and Kubernetes lead where this machine does? Writes the proxy's configuration and the Ingress from the one
table of ways.

python deploy/make_entry.py             write deploy/entry.conf and deploy/kubernetes/base/ingress.yaml
python deploy/make_entry.py --check     write nothing; fail where a file differs
"""

import sys
from pathlib import Path

from slkt_local.entry_configuration import Place, configuration
from slkt_local.ways import most_particular_first

DEPLOY = Path(__file__).resolve().parent
SERVICES = ("intake", "routing", "pujk_gateway", "notifier", "tracking")
DOOR = 8000
HOST = "layanan.slkt.example"
#: Docker's own resolver: a service that is made anew has another address.
IN_COMPOSE = Place(
    listen=f"0.0.0.0:{DOOR}",
    folder="/tmp",
    log="/dev/stdout",
    errors="stderr",
    targets={name: f"{name}:{DOOR}" for name in SERVICES},
    resolver="127.0.0.11",
)
INGRESS = f"""\
# The one host of the suite. Made by `python deploy/make_entry.py` of slkt_local/ways.py: change it there. Which
# controller, which certificate and which host name are an overlay's; what is not here is not reached from outside.
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: entry
spec:
  rules:
    - host: {HOST}
      http:
        paths:
"""


def files() -> dict[Path, str]:
    ways = (
        f"          - path: {way.path}\n"
        f"            pathType: {'Prefix' if way.below else 'Exact'}\n"
        f"            backend: {{service: {{name: {way.service.replace('_', '-')}, port: {{name: http}}}}}}\n"
        for way in most_particular_first()
    )
    return {
        DEPLOY / "entry.conf": configuration(IN_COMPOSE),
        DEPLOY / "kubernetes" / "base" / "ingress.yaml": INGRESS + "".join(ways),
    }


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        differing = [path for path, text in files().items() if not path.exists() or path.read_text() != text]
        for path in differing:
            print(f"{path.relative_to(DEPLOY.parent)} differs from the table of ways: python deploy/make_entry.py")
        return 1 if differing else 0
    for path, text in files().items():
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
