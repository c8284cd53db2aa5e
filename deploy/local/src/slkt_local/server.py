"""How is a server handled, whichever it is? Started, stopped, killed, frozen: a program of ours, or somebody else's."""

from abc import ABC, abstractmethod

from slkt_local.processes import Program


class NotOurs(RuntimeError):
    """A server given by URL is not stopped or killed by us."""


class Server(ABC):
    """A broker or a database that runs. `pid` is known of a program of ours only."""

    @property
    def pid(self) -> int | None:
        return None

    @abstractmethod
    def start(self) -> None:
        """Returns when it can be used; on the same ports and data as before."""

    @abstractmethod
    def stop(self) -> None:
        """In good order; some 6 s for a broker, 1 s for a database."""

    @abstractmethod
    def kill(self) -> None:
        """As a power cut would."""

    @abstractmethod
    def freeze(self) -> None:
        """It stops answering; connections stay open."""

    @abstractmethod
    def thaw(self) -> None: ...

    def restart(self) -> None:
        self.stop()
        self.start()


class Native(Server):
    """A program of ours; whoever mixes this in starts `program`."""

    program: Program | None = None

    @property
    def pid(self) -> int | None:
        return self.program.pid if self.program and self.program.running else None

    def stop(self) -> None:
        self._running().stop()

    def kill(self) -> None:
        self._running().kill()

    def freeze(self) -> None:
        self._running().freeze()

    def thaw(self) -> None:
        self._running().thaw()

    def _running(self) -> Program:
        if self.program is None:
            raise RuntimeError(f"{type(self).__name__} was not started")
        return self.program


class Given(Server):
    """Named by the environment, made by somebody else and left to them."""

    #: Which setting names it.
    setting: str

    def _refuse(self) -> None:
        raise NotOurs(f"this server was given by {self.setting}; whoever runs it stops it")

    stop = kill = freeze = thaw = _refuse
