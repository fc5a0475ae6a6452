"""How much is exchanged, by whom."""

import socket
from dataclasses import dataclass

MANY, BIG, SLOW, LONG = "many", "big", "slow", "long"


@dataclass(frozen=True, slots=True)
class Plan:
    """Records pushed and pulled at once, clients with a scope each and the records of one, and what
    goes over the slow link."""

    many: int = 10_000
    clients: int = 50
    of_client: int = 200
    slow_push: int = 200
    slow_pull: int = 2_000

    def villages(self) -> dict[str, int]:
        """By the name of the client, what its scope holds at the beginning."""
        scoped = dict.fromkeys(self.scoped(), self.of_client)
        return {MANY: 0, BIG: self.many, SLOW: 0, LONG: self.slow_pull, **scoped}

    def scoped(self) -> list[str]:
        """The clients with scopes of their own."""
        return [f"s{number}" for number in range(self.clients)]


def smaller(plan: Plan, *, by: int) -> Plan:
    """A plan to try the benchmark with."""
    return Plan(
        many=plan.many // by,
        clients=max(plan.clients // by, 2),
        of_client=plan.of_client // by,
        slow_push=plan.slow_push // by,
        slow_pull=plan.slow_pull // by,
    )


def free_port() -> int:
    """A port of this machine nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
