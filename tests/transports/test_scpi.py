"""SCPI over real TCP: what goes out, what comes back, and what becomes of everything that goes wrong."""

from __future__ import annotations

import os
import socket
import struct
import threading
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from harness.errors import TransportError
from harness.evidence import Answer, Ask, Kind
from harness.transports import reached
from harness.transports.permit import Permit
from harness.transports.scpi import ERRORS, IDENTITY
from tests.transports.scopes import Rack

IDN = Ask("scope1", Kind.SCPI, IDENTITY)
TDECQ = ":MEASure:EYE:TDEQ?"


@pytest.fixture
def rack(tmp_path: Path) -> Iterator[Rack]:
    rack = Rack(tmp_path)
    yield rack
    rack.recorder.close()


@contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """A TCP port that treats its first client as told."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def first() -> None:
            client, _ = server.accept()
            with client:
                serve(client)

        thread = threading.Thread(target=first)
        thread.start()
        yield server.getsockname()[1]
        thread.join(timeout=10)
        assert not thread.is_alive()


def saying(*said: bytes) -> Callable[[socket.socket], None]:
    """Answers one message after another, and then waits for the client to leave."""

    def serve(client: socket.socket) -> None:
        for one in said:
            client.recv(4096)
            client.sendall(one)
        while client.recv(4096):
            pass

    return serve


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_everything_that_is_asked_is_answered(rack: Rack) -> None:
    with rack.simulated() as scope:
        answers = rack.collect(scope.port)
    assert len(answers) == 1 + 2 * 4
    assert all(answer.status == 0 and not answer.error for answer in answers), answers
    assert answers[0].text == "KEYSIGHT TECHNOLOGIES,N1092D,SIM0001,A.08.60\n"
    lanes = rack.world.module("leaf1:Ethernet448").lanes
    assert answers[1].text == f'CHAN1A;CORR;"";{lanes[0].tdecq:.5E}\n'
    assert answers[5].text == f'CHAN1B;CORR;"";{lanes[1].tdecq:.5E}\n'


def test_the_journal_has_every_byte_that_the_instrument_heard_and_all_of_it_is_declared(rack: Rack) -> None:
    with rack.simulated() as scope:
        scope.faults.silent.add(TDECQ)
        rack.collect(scope.port, timeout_s="0.3")
    heard = [f"{message}\n" for message in scope.heard]
    assert rack.sent() == heard
    permit = rack.terms().permit
    assert all(permit.allows(message) for message in scope.heard)
    assert f"{ERRORS}\n" in heard
    assert rack.events()[0] == "connected"
    assert rack.events()[-1] == "closed"


@pytest.mark.parametrize(
    "text",
    [
        "*RST",
        "*CAL?",
        ":OUTPut:STATe ON",
        ":MEASure:EYE:TDEQ:SOURce1 CHAN1A",
        ":CALibrate:SLOT1:STARt",
        f"{IDENTITY};*RST",
        IDENTITY.lower(),
        ":READ1:POWer?\n*RST",
    ],
)
def test_what_is_not_declared_is_never_sent(rack: Rack, text: str) -> None:
    with rack.simulated() as scope:
        refused, answered = rack.collect(scope.port, [Ask("scope1", Kind.SCPI, text), IDN])
    assert refused.status is None
    assert refused.error.startswith("not sent: ")
    assert answered.status == 0
    assert scope.heard == [IDENTITY, IDENTITY]


def test_a_channel_cannot_carry_a_second_message(rack: Rack) -> None:
    template = rack.driver.family.queries[0]
    for channel in ("CHAN1A;*RST", "CHAN1A\n*RST", "CHAN1A ,2", "", "CHAN1A?"):
        assert not rack.terms().permit.allows(template.text(channel)), channel


def test_a_command_line_is_no_query(rack: Rack) -> None:
    with rack.simulated() as scope:
        (answer,) = rack.collect(scope.port, [Ask("scope1", Kind.CLI, IDENTITY)])
    assert answer.status is None
    assert "takes SCPI queries" in answer.error


def test_a_query_without_an_answer_says_what_the_error_queue_says_and_the_rest_goes_on(rack: Rack) -> None:
    asks = rack.asks()
    with rack.simulated() as scope:
        scope.faults.silent.add(TDECQ)
        answers = rack.collect(scope.port, timeout_s="0.3")
    silent = [answer for answer in answers if answer.status is None]
    assert [answer.ask for answer in silent] == [ask for ask in asks if ask.text.endswith(TDECQ)]
    assert silent[0].error == f'no answer within 0.3 s; {ERRORS} says 0,"No error"'
    assert len(answers) == len(asks)


def test_an_unknown_query_is_told_by_the_error_queue(rack: Rack) -> None:
    terms = rack.terms()
    unknown = "MEASure:NOTHing?"
    wider = replace(terms, session=replace(terms.session, permit=terms.permit + Permit.of(unknown)))
    with rack.simulated() as scope:
        transport = reached(rack.plan(scope.port, timeout_s="0.3"), wider)
        lost, next_one = transport.ask([Ask("scope1", Kind.SCPI, unknown), IDN])
        transport.close()
    assert lost.error == f'no answer within 0.3 s; {ERRORS} says -113,"Undefined header"'
    assert next_one.status == 0


def test_an_instrument_that_hangs_up_in_the_middle_leaves_half_an_answer_and_the_rest_unasked(rack: Rack) -> None:
    with rack.simulated() as scope:
        scope.faults.hangs_up[TDECQ] = "2.3"
        begun = time.monotonic()
        answers = rack.collect(scope.port, timeout_s="10")
    assert time.monotonic() - begun < 5  # not waited for what cannot come
    assert answers[1].status is None
    assert answers[1].body == b'CHAN1A;CORR;"";2.3'
    assert answers[1].error == "the instrument closed the connection in the middle of its answer"
    assert [answer.error for answer in answers[2:]] == [f"not asked: {answers[1].error}"] * 7
    assert len(scope.heard) == 3


def test_a_late_answer_is_not_taken_for_the_answer_to_the_next_question(rack: Rack) -> None:
    def serve(client: socket.socket) -> None:
        client.recv(4096)
        client.sendall(rack.driver.family.example.encode() + b"\n")
        client.recv(4096)  # the question that takes long
        assert client.recv(4096) == f"{ERRORS}\n".encode()
        client.sendall(b'CHAN1A;CORR;"";2.1E+00\n0,"No error"\n')
        saying(b'CHAN1B;CORR;"";2.9E+00\n')(client)

    first, second = (ask for ask in rack.asks() if ask.text.endswith(TDECQ))
    with listening(serve) as port:
        late, right = rack.collect(port, [first, second], timeout_s="0.4")
    assert late.status is None
    assert late.body == b""
    assert "the answer came after that and is not used" in late.error
    assert right.text == 'CHAN1B;CORR;"";2.9E+00\n'


def test_an_answer_of_two_lines_does_not_answer_the_next_question(rack: Rack) -> None:
    idn = rack.driver.family.example.encode() + b"\n"
    first, second = (ask for ask in rack.asks() if ask.text.endswith(TDECQ))
    with listening(saying(idn, b'CHAN1A;CORR;"";2.1E+00\nCHAN1B;CORR;"";2.2E+00\n')) as port:
        right, after = rack.collect(port, [first, second])
    assert right.text == 'CHAN1A;CORR;"";2.1E+00\n'
    assert after.status is None
    assert after.error.startswith("it said 'CHAN1B;CORR;\"\";2.2E+00' unasked")
    assert len(rack.sent()) == 2


def test_an_instrument_out_of_step_is_not_asked_any_more(rack: Rack) -> None:
    idn = rack.driver.family.example.encode() + b"\n"
    with listening(saying(idn, b"", b"2.1E+00\n2.2E+00\n")) as port:
        late, after = rack.collect(port, [ask for ask in rack.asks() if ask.text.endswith(TDECQ)], timeout_s="0.4")
    assert "make timeout_s longer" in late.error
    assert after.error.startswith("not asked: its answers come late")


def test_a_flood_without_an_end_is_cut(rack: Rack) -> None:
    idn = rack.driver.family.example.encode() + b"\n"

    def serve(client: socket.socket) -> None:
        client.recv(4096)
        client.sendall(idn)
        client.recv(4096)
        try:
            while True:
                client.sendall(b"7" * 65_536)
        except OSError:
            return

    with listening(serve) as port:
        flood, after = rack.collect(port, rack.asks()[1:3])
    assert flood.status is None
    assert len(flood.body) == 65_536
    assert "longer than 65536 bytes" in flood.error
    assert after.error.startswith("not asked: ")


def test_a_second_program_is_turned_away_and_told_so(rack: Rack) -> None:
    with rack.simulated() as scope:
        first = reached(rack.plan(scope.port), rack.terms())
        with pytest.raises(TransportError) as refused:
            reached(rack.plan(scope.port), rack.terms())
        assert [answer.status for answer in first.ask([IDN])] == [0]
        first.close()
    assert "does no other program hold it?" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert scope.heard.count(IDENTITY) == 2


@pytest.mark.parametrize(
    ("reach", "expected"),
    [
        pytest.param({}, "does no other program hold it?", id="nobody listens on a socket"),
        pytest.param({"resource": "TCPIP::127.0.0.1::hislip0,{port}::INSTR"}, "no connection", id="no HiSLIP"),
        pytest.param({"resource": "ASRL/dev/no-such-line::INSTR"}, "no-such-line", id="no serial line of that name"),
        pytest.param({"resource": "TCPIP::no.such.host.invalid::5025::SOCKET"}, "no connection", id="no such host"),
        pytest.param({"resource": "GPIB0::7::INSTR"}, "expected TCPIP::host::port::SOCKET", id="an unknown bus"),
        pytest.param({"resource": "TCPIP::a::b::c::d::e"}, "no connection", id="a resource that VISA does not know"),
        pytest.param({"resource": ""}, "reach needs resource for scpi", id="no resource"),
    ],
)
def test_an_instrument_that_is_not_there_is_one_line(
    rack: Rack, reach: dict[str, str], expected: str, capfd: pytest.CaptureFixture[str]
) -> None:
    port = closed_port()
    reach = {key: value.format(port=port) for key, value in reach.items()}
    with pytest.raises(TransportError) as refused:
        reached(rack.plan(port, connect_timeout_s="1", timeout_s="1", **reach), rack.terms())
    assert expected in str(refused.value)
    assert str(refused.value).startswith("scope1: ")
    assert "\n" not in str(refused.value)
    assert "Traceback" not in "".join(capfd.readouterr())


HEADER = struct.Struct("!2sBBIQ")
"""HiSLIP (IVI-6.1): prologue, type of message, control code, parameter, length of what follows."""


def told(wire: socket.socket) -> tuple[int, str] | None:
    header = wire.recv(HEADER.size, socket.MSG_WAITALL)
    if len(header) < HEADER.size:
        return None
    _, _, _, parameter, length = HEADER.unpack(header)
    return parameter, wire.recv(length, socket.MSG_WAITALL).decode("ascii") if length else ""


@contextmanager
def speaking_hislip(answer: Callable[[str], str]) -> Iterator[str]:
    """The resource of an instrument that speaks HiSLIP.  It says nothing to a message without an answer."""

    def serve() -> None:
        sync, _ = server.accept()
        with sync:
            told(sync)
            sync.sendall(HEADER.pack(b"HS", 1, 0, 1 << 24 | 7, 0))
            other, _ = server.accept()
            with other:
                told(other)
                other.sendall(HEADER.pack(b"HS", 18, 0, 0, 0))
                told(other)
                other.sendall(HEADER.pack(b"HS", 16, 0, 0, 8) + struct.pack("!Q", 1 << 20))
                while (message := told(sync)) is not None:
                    said = answer(message[1].strip()).encode()
                    if said == b"bye":
                        return
                    if said:
                        sync.sendall(HEADER.pack(b"HS", 7, 0, message[0], len(said)) + said)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"TCPIP::127.0.0.1::hislip0,{server.getsockname()[1]}::INSTR"
        thread.join(timeout=10)
        assert not thread.is_alive()


@pytest.mark.parametrize("end", ["\n", ""], ids=["a line feed", "the end of the message"])
def test_an_instrument_that_speaks_hislip_answers_too(rack: Rack, end: str) -> None:
    scope = rack.simulated()
    with speaking_hislip(lambda text: f"{scope.answer(text)}{end}") as resource:
        answers = rack.collect(0, resource=resource)
    assert [answer.status for answer in answers] == [0] * 9
    assert answers[1].text.startswith('CHAN1A;CORR;"";')


def test_a_hislip_instrument_that_is_silent_or_leaves_is_told(rack: Rack) -> None:
    scope = rack.simulated()
    silent, leaves = (ask.text for ask in rack.asks()[1:3])

    def answer(text: str) -> str:
        return {silent: "", leaves: "bye"}.get(text, scope.answer(text))

    with speaking_hislip(answer) as resource:
        answers = rack.collect(0, rack.asks()[1:4], resource=resource, timeout_s="0.3")
    assert answers[0].error == f'no answer within 0.3 s; {ERRORS} says 0,"No error"'
    assert answers[1].error == "Connection was dropped by server."
    assert answers[2].error == "not asked: Connection was dropped by server."


def test_an_instrument_on_a_serial_line_answers_too(rack: Rack) -> None:
    scope = rack.simulated()
    ours, theirs = os.openpty()
    tty.setraw(ours)

    def serve() -> None:
        held = b""
        while True:
            try:
                held += os.read(ours, 4096)
            except OSError:
                return
            while b"\n" in held:
                line, _, held = held.partition(b"\n")
                if line == b"bye":
                    return
                os.write(ours, scope.answer(line.decode()).encode() + b"\n")

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        answers = rack.collect(0, resource=f"ASRL{os.ttyname(theirs)}::INSTR", baud="115200")
    finally:
        os.write(theirs, b"bye\n")
        thread.join(timeout=5)
        os.close(ours)
        os.close(theirs)
    assert [answer.status for answer in answers] == [0] * 9
    assert answers[1].text.startswith('CHAN1A;CORR;"";')


def test_an_instrument_of_another_family_is_sent_nothing_but_the_question_who_it_is(rack: Rack) -> None:
    with rack.simulated() as scope:
        scope.faults.instead[IDENTITY] = "RIGOL TECHNOLOGIES,DS1054Z,1,2"
        with pytest.raises(TransportError, match="answered 'RIGOL TECHNOLOGIES,DS1054Z,1,2': correct nos or resource"):
            rack.collect(scope.port)
    assert scope.heard == [IDENTITY]


def test_one_that_does_not_say_who_it_is_is_asked_nothing_else(rack: Rack) -> None:
    with rack.simulated() as scope:
        scope.faults.silent.add(IDENTITY)
        with pytest.raises(TransportError, match=r"no answer within 0\.3 s"):
            rack.collect(scope.port, timeout_s="0.3")
    assert scope.heard == [IDENTITY]


def test_stop_is_heard_while_an_answer_is_waited_for(rack: Rack) -> None:
    terms = rack.terms()
    with rack.simulated() as scope:
        scope.faults.silent.add(TDECQ)
        transport = reached(rack.plan(scope.port, timeout_s="30"), terms)
        answers: list[Answer] = []
        thread = threading.Thread(target=lambda: answers.extend(transport.ask(rack.asks()[1:])))
        thread.start()
        terms.hurry.stop = True
        thread.join(timeout=5)
        assert not thread.is_alive()
        transport.close()
        transport.close()
    assert answers[0].error == "stopped by the user"
    assert all(answer.status is None for answer in answers)


def test_a_stopped_instrument_leaves_no_thread_and_no_port(rack: Rack) -> None:
    before = threading.active_count()
    scope = rack.simulated()
    scope.start()
    transport = reached(rack.plan(scope.port), rack.terms())
    scope.stop()
    scope.stop()
    (answer,) = transport.ask([IDN])
    transport.close()
    assert answer.status is None
    deadline = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    assert threading.active_count() == before
    with socket.create_server(("127.0.0.1", scope.port)):
        pass
