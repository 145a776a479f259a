"""A simulated instrument on a TCP port: what a scope or a power meter of a family says of a simulated lab's modules.

    with Instrument(world, lab.devices["scope1"]) as scope:
        ...                                  # TCPIP::127.0.0.1::{scope.port}::SOCKET

It knows the messages of ``drivers/instruments.toml``, serves one client at a time as many of them do, and leaves a
query that it does not know without an answer and with an entry in its error queue.
"""

from __future__ import annotations

import re
import socket
import socketserver
import threading
from collections import deque
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from ..drivers.scope import DRIVERS, ERRORS, IDENTITY, Lane, Query, parts_of
from ..errors import LabError
from ..lab.inventory import DevicePlan
from ..units import LOG
from .part import Part
from .world import World

EXTINCTION_DB: Final = Decimal("4.5")
NOT_A_NUMBER: Final = "9.91E+37"
NO_ERROR: Final = '0,"No error"'
UNDEFINED: Final = '-113,"Undefined header"'
OUT_OF_RANGE: Final = '-222,"Data out of range"'
NO_DATA: Final = '"Source off"'


@dataclass(slots=True)
class Faults:
    """What it does wrong, by query: another answer, none at all, or half of one before it hangs up."""

    instead: dict[str, str] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    hangs_up: dict[str, str] = field(default_factory=dict)


class HangUp(Exception):
    """The connection ends after these words."""


class Unheard(Exception):
    """A part of a message that has no answer; the rest of the message is dropped."""


class Instrument(Part):
    """One instrument.  ``port`` is where it listens once it is started."""

    def __init__(self, world: World, device: DevicePlan, *, port: int = 0) -> None:
        driver = DRIVERS.get(device.nos)
        if driver is None:
            raise LabError(f"{device.name}: {device.at}: nos {device.nos}: known are {', '.join(DRIVERS)}")
        self.world, self.device, self.family = world, device, driver.family
        self.lanes = {lane.channel.upper(): lane for lane in driver.lanes(device)}
        self.faults = Faults()
        self.heard: list[str] = []
        self.port = port
        self._sources: dict[str, str] = {}  # by what chooses them
        self._queue: deque[str] = deque(maxlen=30)
        self._taken = threading.Lock()
        self._client: socket.socket | None = None
        self._server: socketserver.ThreadingTCPServer | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listen on loopback."""
        self._server = Server(("127.0.0.1", self.port), self.handler())
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Hang up and leave nothing behind."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        if (client := self._client) is not None:
            hang_up(client)
        self._server.server_close()
        self._thread.join()
        self._server = self._thread = None

    def handler(self) -> type[socketserver.StreamRequestHandler]:
        instrument = self

        class Client(socketserver.StreamRequestHandler):
            """One program at a time; another is turned away."""

            def handle(self) -> None:
                if not instrument._taken.acquire(blocking=False):
                    return
                instrument._client = self.connection
                try:
                    self.listen()
                except (HangUp, ConnectionError):
                    hang_up(self.connection)
                finally:
                    instrument._client = None
                    instrument._taken.release()

            def listen(self) -> None:
                for line in self.rfile:
                    message = line.decode("ascii", "replace").strip()
                    instrument.heard.append(message)
                    try:
                        said = instrument.answer(message)
                    except HangUp as half:
                        self.wfile.write(str(half).encode())
                        raise
                    if said:
                        self.wfile.write(f"{said}\n".encode())

        return Client

    def answer(self, message: str) -> str:
        """What it says to a program message; nothing where no part of it asks anything that it knows."""
        said: list[str] = []
        for part in parts_of(message):
            if part in self.faults.hangs_up:
                raise HangUp(";".join([*said, self.faults.hangs_up[part]]))
            try:
                one = self.part(part)
            except Unheard as error:
                self._queue.append(str(error))
                break
            if part in self.faults.silent:
                return ""
            if one is not None:
                said.append(self.faults.instead.get(part, one))
        return ";".join(said)

    def part(self, part: str) -> str | None:
        """The answer to one part of a message; None of a setting, which has none."""
        if part.upper() == IDENTITY:
            return self.family.example
        if part.upper() == ERRORS.upper():
            return self._queue.popleft() if self._queue else NO_ERROR
        for query in self.family.queries:
            for setting in query.prepare:
                if channel := in_place(setting, part):
                    self.choose(setting, channel)
                    return None
            for asked in query.queries:
                if in_place(asked, part) is not None:
                    return self.say(query, asked, self.channel(query, asked, part))
        raise Unheard(UNDEFINED)

    def choose(self, setting: str, channel: str) -> None:
        if not re.fullmatch(self.family.channel, channel, re.I):
            raise Unheard(OUT_OF_RANGE)
        self._sources[setting] = channel.upper()

    def channel(self, query: Query, asked: str, part: str) -> str:
        """The channel that a query is about: the one in it, else the one that was chosen."""
        named = in_place(asked, part)
        return named.upper() if named else next((self._sources.get(one, "") for one in query.prepare), "")

    def say(self, query: Query, asked: str, channel: str) -> str:
        lane = self.lanes.get(channel)
        value = None if lane is None else self.value(query.quantity, lane)
        if asked == query.query:
            word = NOT_A_NUMBER if value is None else f"{value:.5E}"
            return ",".join((word, word, "0.00000E+00", word, word)) if query.listed else word
        if asked == query.reason:
            return '""' if value is not None else NO_DATA
        if asked == query.unit_query:
            return signed(next(iter(query.units)))
        wanted = dict(query.expect)[asked]
        if wanted == "{channel}":
            return channel
        if value is not None or wanted.isdigit():
            return signed(wanted)
        return NO_DATA if wanted == '""' else "INV"

    def value(self, quantity: str, lane: Lane) -> Decimal | None:
        """What is seen of a lane, in dB or dBm; None where no light comes or nobody simulates the quantity."""
        try:
            module = self.world.module(lane.port)
        except LabError:
            return None
        if lane.number > len(module.lanes):
            return None
        seen = module.lanes[lane.number - 1]
        match quantity:
            case "tdecq":
                return seen.tdecq
            case "power":
                return seen.tx
            case "er":
                return EXTINCTION_DB
            case "oma":
                return seen.tx + outer_oma(EXTINCTION_DB)
        return None


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def outer_oma(extinction_db: Decimal) -> Decimal:
    """dB of outer OMA over average power: of equally likely levels it is 2 (r - 1) / (r + 1)."""
    ratio = LOG.power(Decimal(10), extinction_db / 10)
    return (10 * LOG.log10(2 * (ratio - 1) / (ratio + 1))).quantize(Decimal("0.0001"))


def in_place(template: str, part: str) -> str | None:
    """The channel that stands in a part of a message; "" where the template has no place, None where nothing fits."""
    pattern = re.escape(template).replace(re.escape("{channel}"), "([A-Za-z0-9]+)")
    found = re.fullmatch(pattern, part, re.I)
    return None if found is None else "".join(found.groups())


def signed(word: str) -> str:
    """A whole number with its sign, as instruments write it."""
    return f"+{word}" if word.isdigit() else word


def hang_up(client: socket.socket) -> None:
    try:
        client.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it has gone already
