"""An instrument that speaks SCPI, over what VISA reaches: a TCP socket, VXI-11, HiSLIP or a serial line.

An ask is one program message and its answer one line.  Before anything else the instrument has to say that it is what
the lab file calls it, so that no other kind is sent a message that was not meant for it.  After a question that got no
answer its error queue is asked: that tells why, and it proves that what comes next belongs to the next question.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any, Final

from ..errors import TransportError
from ..evidence import Answer, Ask, Kind
from ..lab.inventory import DevicePlan
from .base import STOPPED, Terms, failed, needed, seconds

IDENTITY: Final = "*IDN?"
ERRORS: Final = ":SYSTem:ERRor?"
LONGEST: Final = 65_536
"""Bytes of one answer; no declared query has one as long."""

SLICE: Final = 0.2
"""Seconds that a socket is listened to at once, so that its end and Ctrl-C are seen."""

ADVICE: Final = "is it on, is its remote control on, and does no other program hold it?"

ENDED: Final = ("success", "success_termination_character_read")
"""How VISA says that an answer is whole."""

REACHED: Final = re.compile(r"(TCPIP[0-9]*|ASRL)[^:]*(::[^:]+)*", re.I)
QUEUED: Final = re.compile(rb'[+-]?[0-9]+(\s*,\s*".*")?')
"""What an error queue answers; no measurement looks so."""


def connect(device: DevicePlan, terms: Terms) -> Scpi:
    """The instrument that ``reach.resource`` names, once it has said what it is."""
    name = needed(device, "resource")
    if not REACHED.fullmatch(name):
        raise TransportError(
            f"{device.name}: {device.at}: resource {name!r}: expected TCPIP::host::port::SOCKET, TCPIP::host::INSTR, "
            "TCPIP::host::hislip0 or ASRL/dev/ttyUSB0"
        )
    try:
        with told():
            instrument = Scpi(device, terms, opened(device, name))
    except TransportError as wrong:
        raise TransportError(f"{device.name}: {device.at}: {name}: no connection: {wrong}; {ADVICE}") from None
    terms.tell(device, "connected", resource=name)
    try:
        instrument.identify()
    except TransportError:
        instrument.close()
        raise
    return instrument


def opened(device: DevicePlan, name: str) -> Any:
    """A VISA resource."""
    manager = import_module("pyvisa").ResourceManager("@py")
    resource = manager.open_resource(name, open_timeout=int(1000 * seconds(device, "connect_timeout_s", 10)))
    resource.read_termination = resource.write_termination = "\n"
    if "baud" in device.reach and name.upper().startswith("ASRL"):
        resource.baud_rate = int(device.reach["baud"])
    return resource


@contextmanager
def told() -> Iterator[None]:
    """What the VISA library raises of a device or a wire, as a TransportError of one line.

    It raises Exception itself where a socket does not connect, and asserts what a HiSLIP server answers, so that no
    narrower class can be caught; what it does not raise goes on.
    """
    try:
        yield
    except Exception as wrong:
        theirs = type(wrong).__module__.startswith(("pyvisa.", "pyvisa_py."))
        plain = isinstance(wrong, OSError | ValueError | RuntimeError | EOFError | AssertionError)
        if not (theirs or plain or type(wrong) is Exception):
            raise
        raise TransportError(" ".join(str(wrong).split()) or type(wrong).__name__) from None


class Scpi:
    """One instrument."""

    def __init__(self, device: DevicePlan, terms: Terms, resource: Any) -> None:
        self.device, self.terms, self.resource = device, terms, resource
        self.session = resource.visalib.sessions[resource.session]  # pyvisa's own read drops half an answer
        self.plug = self.session.interface if isinstance(self.session.interface, socket.socket) else None
        self.bare = self.plug is not None or resource.resource_name.upper().startswith("ASRL")  # bytes, no messages
        self.patience = seconds(device, "timeout_s", 10)
        self.gone = ""

    def ask(self, asks: Sequence[Ask]) -> Iterator[Answer]:
        """An answer to every ask; see ``Transport``."""
        for ask in asks:
            yield self._answer(ask)

    def close(self) -> None:
        if self.resource is None:
            return
        resource, self.resource = self.resource, None
        with suppress(TransportError), told():
            resource.close()
        self.gone = self.gone or "the connection is closed"
        self.terms.tell(self.device, "closed")

    def identify(self) -> None:
        """TransportError where the instrument does not say that it is of its family; where none is named, nothing."""
        wanted = self.terms.session.identity
        if not wanted:
            return
        body, wrong = self._exchange(IDENTITY)
        here = f"{self.device.name}: {self.device.at}: {self.device.reach['resource']}"
        if wrong:
            raise TransportError(f"{here}: {IDENTITY}: {wrong}; {ADVICE}")
        said = body.decode("utf-8", "replace").strip()
        if not re.match(wanted, said, re.I):
            raise TransportError(
                f"{here}: expected an instrument that nos {self.device.nos} knows, {IDENTITY} answered {said!r}: "
                "correct nos or resource"
            )

    def _answer(self, ask: Ask) -> Answer:
        try:
            self.terms.permit.check(ask.text)
        except TransportError as refused:
            return failed(ask, self.terms, str(refused))
        if ask.kind is not Kind.SCPI:
            return failed(ask, self.terms, f"not sent: an instrument takes SCPI queries, this is a {ask.kind.value}")
        if self.gone:
            return failed(ask, self.terms, f"not asked: {self.gone}")
        begun = time.monotonic()
        if unasked := self._waiting():
            said = unasked.decode("utf-8", "replace").strip()[:60]
            wrong = self._lost(f"it said {said!r} unasked, so that nobody knows which answer is to which question")
            return failed(ask, self.terms, wrong)
        body, wrong = self._exchange(ask.text)
        if wrong and not self.gone:
            wrong = f"{wrong}; {self._queue()}"
        took_ms = round(1000 * (time.monotonic() - begun))
        if wrong:
            self.terms.tell(self.device, "failed", ask=ask.text, error=wrong)
            return failed(ask, self.terms, wrong, body=body, took_ms=took_ms)
        return Answer(ask, body, 0, self.terms.calendar.instant(), took_ms)

    def _exchange(self, text: str) -> tuple[bytes, str]:
        """Send a message that is allowed and listen for its answer: what came, and what is wrong with it."""
        self.terms.permit.check(text)
        message = f"{text}\n"
        self.terms.tell(self.device, "sent", wire=message)
        try:
            with told():
                self.resource.timeout = int(1000 * self.patience)
                self.resource.write_raw(message.encode("ascii"))
        except TransportError as wrong:
            return b"", self._lost(str(wrong))
        return self._listen()

    def _waiting(self) -> bytes:
        """What is there to read before anything was asked; VXI-11 and HiSLIP keep answers and questions together."""
        with suppress(TransportError), told():
            self.resource.timeout = 1
            return bytes(self.session.read(4096)[0]) if self.bare else b""
        return b""

    def _listen(self) -> tuple[bytes, str]:
        """The bytes of one line, or as many as came and why no more."""
        deadline = time.monotonic() + self.patience
        body = b""
        while (left := deadline - time.monotonic()) > 0:
            if self.terms.hurry.stop:
                return body, self._lost(STOPPED)
            try:
                with told():
                    self.resource.timeout = max(1, round(1000 * (min(left, SLICE) if self.plug else left)))
                    more, status = self.session.read(4096)
            except TransportError as wrong:
                return body, self._lost(str(wrong))
            body += more
            if body.endswith(b"\n") or status.name in ENDED:
                return body, ""
            if len(body) > LONGEST:
                return body[:LONGEST], self._lost(f"an answer longer than {LONGEST} bytes: it is cut")
            if status < 0 and status.name != "error_timeout":
                return body, self._lost(status.name.replace("_", " "))
            if self.plug is not None and ended(self.plug):
                came = "in the middle of its answer" if body else "without an answer"
                return body, self._lost(f"the instrument closed the connection {came}")
        came = f", {len(body)} bytes of one and no end" if body else ""
        return body, f"no answer within {self.patience:g} s{came}"

    def _queue(self) -> str:
        """What the error queue says of a question without an answer.

        An instrument answers in order.  What the queue says therefore comes after a late answer, and never before one.
        """
        if not self.terms.permit.allows(ERRORS):
            self._lost(
                "it left a question without an answer, and its driver declares no way to tell late answers apart"
            )
            return "its error queue was not asked"
        body, wrong = self._exchange(ERRORS)
        late = not wrong and not QUEUED.fullmatch(body.strip())
        if late:
            body, wrong = self._listen()
        if wrong or not QUEUED.fullmatch(body.strip()):
            self._lost("its answers come late, so that nobody knows to which question: make timeout_s longer")
            return f"{ERRORS} was not answered either; {self.gone}"
        said = body.decode("utf-8", "replace").strip()
        if late:
            return f"the answer came after that and is not used: make timeout_s longer; {ERRORS} says {said}"
        return f"{ERRORS} says {said}"

    def _lost(self, why: str) -> str:
        """From now on nothing is asked."""
        self.gone = why
        return why


def ended(plug: socket.socket) -> bool:
    """Whether the other end has hung up and nothing is left to read."""
    with suppress(BlockingIOError):
        try:
            return plug.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except ConnectionError:
            return True
    return False
