"""Routes over declared links: which ports traffic passes from NIC to NIC."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

from .inventory import LinkPlan, PortPlan


class Fabric:
    """The links of a lab as a graph; of two routes of equal length the one over earlier declared links is taken."""

    def __init__(self, links: Iterable[LinkPlan], hosts: frozenset[str]) -> None:
        self.hosts = hosts
        self.far: dict[str, PortPlan] = {}
        self.leaving: dict[str, list[tuple[PortPlan, PortPlan]]] = {}
        self.known: dict[tuple[str, str], list[PortPlan] | None] = {}
        for link in links:
            for near, far in (link.ends, link.ends[::-1]):
                self.far[str(near)] = far
                self.leaving.setdefault(near.device, []).append((near, far))

    def route(self, start: PortPlan, end: PortPlan, via: Sequence[PortPlan] = ()) -> tuple[PortPlan, ...] | None:
        """Every port passed, in order, over as few links as can be; None where no declared link leads there.

        Hosts pass nothing on.  ``via`` are ports that the route leaves switches by, in their order.
        """
        if str(start) not in self.far or str(end) not in self.far:
            return None
        hops = [start, self.far[str(start)]]
        if hops[-1] == end:
            return tuple(hops)
        for port in (*via, self.far[str(end)]):
            middle = self.across(hops[-1].device, port.device)
            if middle is None or str(port) not in self.far:
                return None
            hops += [*middle, port, self.far[str(port)]]
        return tuple(hops) if len({str(hop) for hop in hops}) == len(hops) else None

    def across(self, start: str, end: str) -> list[PortPlan] | None:
        """The ports from one switch to another, each pair looked for once."""
        if (start, end) not in self.known:
            self.known[start, end] = self._across(start, end)
        return self.known[start, end]

    def _across(self, start: str, end: str) -> list[PortPlan] | None:
        """The ports from one switch to another, shortest first found."""
        if start == end:
            return []
        came: dict[str, tuple[PortPlan, PortPlan] | None] = {start: None}
        waiting = deque([start])
        while waiting:
            device = waiting.popleft()
            for near, far in self.leaving.get(device, ()):
                if far.device in came or far.device in self.hosts:
                    continue
                came[far.device] = (near, far)
                if far.device == end:
                    return _back(came, end)
                waiting.append(far.device)
        return None


def _back(came: Mapping[str, tuple[PortPlan, PortPlan] | None], end: str) -> list[PortPlan]:
    hops: list[PortPlan] = []
    step = came[end]
    while step is not None:
        hops = [*step, *hops]
        step = came[step[0].device]
    return hops
