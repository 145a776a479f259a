"""The console of a simulated device: a login, a prompt, and answers as a terminal shows them.

    with Console("admin", "secret", "leaf1", answer, path=directory / "leaf1") as console:
        ...  # picocom {console.path}

``answer`` gives the exit status and the text of a command.  How such a console behaves is its ``Manner``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from ..transports.console import unframed
from .wire import Lines, Wire

PAGER: Final = "--More--"
INVALID: Final = "% Invalid input detected at '^' marker.\n"


@dataclass(frozen=True, slots=True)
class Manner:
    """How a console behaves; what is spoilt about it, for those who must cope."""

    prompt: str = "{user}@{host}:~$ "
    login: str = "{host} login: "
    shell: bool = True  # runs commands in the frame of the console transport
    page: int = 0  # lines before its pager stops; 0 where it has none
    quiet: tuple[str, ...] = ("terminal length 0",)  # what turns that pager off
    enable: str | None = None  # secret of the privileged mode; None where there is none
    encoding: str = "utf-8"
    open: bool = False  # somebody is logged in
    typed: str = ""  # and has this half typed
    noise: str = ""  # printed before the login prompt
    expired: bool = False  # demands a new password
    welcome: str = ""  # printed after login
    most: int | None = None  # characters of an answer, after which it hangs
    deaf: bool = False  # and an interrupt does not end that
    mute: bool = False  # never says a byte
    echo: bool = True  # shows what is typed


SHELL: Final = Manner()
VENDOR: Final = Manner(prompt="{host}#", login="Username: ", shell=False, page=24)
"""A command line of a network operating system's own."""

MANNERS: Final[Mapping[str, Manner]] = {
    "eos": replace(VENDOR, login="{host} login: "),
    "nxos": replace(VENDOR, prompt="{host}# ", login="{host} login: "),
    "junos": replace(
        VENDOR, prompt="{user}@{host}> ", login="{host} login: ",
        quiet=("set cli screen-length 0", "set cli screen-width 0"),
    ),
    "iosxr": replace(VENDOR, prompt="RP/0/RP0/CPU0:{host}#", quiet=("terminal length 0", "terminal width 0")),
}  # fmt: skip
"""The consoles of systems that log in to a command line of their own."""


def manner_of(nos: str) -> Manner:
    """How the console of a system behaves; one that has no command line of its own logs in to a shell."""
    return MANNERS.get(nos, SHELL)


class Console(Lines):
    """A console that is served; every way to it is a line of its own, with a login of its own."""

    def __init__(
        self,
        user: str,
        password: str,
        hostname: str,
        answer: Callable[[str], tuple[int, str]],
        *,
        manner: Manner = SHELL,
        path: Path | None = None,
        port: int | None = None,
        rfc2217: int | None = None,
    ) -> None:
        super().__init__(self._talk, path=path, port=port, rfc2217=rfc2217)
        self.user, self.password, self.hostname, self.answer, self.manner = user, password, hostname, answer, manner
        self.typed: list[str] = []
        """Every line that was typed but passwords, in order."""
        self.attempts = 0
        """How many passwords were typed."""

    def _talk(self, wire: Wire) -> None:
        terminal = Terminal(wire, self.manner.encoding)
        manner = self.manner
        if manner.mute:
            while True:
                wire.read()
        terminal.say(manner.noise)
        stays = manner.open
        terminal.held = manner.typed
        while True:
            if stays or self._admitted(terminal):
                self.session(terminal)
            stays = False

    def _admitted(self, terminal: Terminal) -> bool:
        prompt = self.manner.login.format(host=self.hostname)
        terminal.say("\n" + prompt)
        user = terminal.line()
        if not user:
            return False
        self.typed.append(user)
        terminal.say("Password: ")
        password = terminal.line(echo=False)
        self.attempts += 1
        if (user, password) != (self.user, self.password):
            terminal.say("\nLogin incorrect\n")
            return False
        if self.manner.expired:
            terminal.say("\nYou are required to change your password immediately (administrator enforced).\n")
            terminal.say("Current password: ")
            self.typed.append(terminal.line(echo=False) or "")
            terminal.say("\nAuthentication token manipulation error\n")
            return False
        terminal.say("\n" + self.manner.welcome)
        return True

    def session(self, terminal: Terminal) -> None:
        """A session of who is logged in, to its end."""
        manner = self.manner
        privileged = manner.enable is None
        prompt = manner.prompt.format(user=self.user, host=self.hostname)
        page = manner.page
        while True:
            terminal.say(prompt if privileged else prompt.replace("#", ">"))
            line = terminal.line(echo=manner.echo)
            if line is None or not line.strip():
                continue
            self.typed.append(line)
            words = line.split()
            if words[0] in ("exit", "logout"):
                return
            if not privileged and words == ["enable"]:
                terminal.say("Password: ")
                privileged = terminal.line(echo=False) == manner.enable
                terminal.say("\n" if privileged else "\n% Bad secrets\n")
            elif not manner.shell and line.strip() in manner.quiet:
                page = 0
            else:
                self._answer(terminal, line, page)

    def _answer(self, terminal: Terminal, line: str, page: int) -> None:
        found = unframed(line) if self.manner.shell else None
        command = found[1] if found else line.strip()
        status, text = self.answer(command)
        if found:
            text = f"{found[0]} ask\n{text}\n{found[0]} end {status}\n"
        elif status and not text:
            text = f"-bash: {command.split()[0]}: command not found\n" if self.manner.shell else INVALID
        if self.manner.most is not None and len(text) > self.manner.most:
            terminal.say(text[: self.manner.most])
            terminal.hang(forever=self.manner.deaf)
        elif page:
            terminal.paged(text, page)
        else:
            terminal.say(text)


class Terminal:
    """A line discipline: echo, a line at a time, CRLF at the ends of lines."""

    def __init__(self, wire: Wire, encoding: str) -> None:
        self.wire, self.encoding = wire, encoding
        self.held = ""
        """What is typed of the line."""
        self._ahead = b""
        self._after_return = False

    def say(self, text: str) -> None:
        if text:
            self.wire.write(text.replace("\n", "\r\n").encode(self.encoding, "replace"))

    def key(self) -> str:
        if not self._ahead:
            self._ahead = self.wire.read()
        key, self._ahead = self._ahead[:1].decode("latin-1"), self._ahead[1:]
        return key

    def line(self, *, echo: bool = True) -> str | None:
        """What somebody types up to RETURN; None where they interrupt."""
        while True:
            key = self.key()
            after_return, self._after_return = self._after_return, key == "\r"
            if key == "\n" and after_return:
                continue
            if key in "\r\n":
                line, self.held = self.held, ""
                if echo:
                    self.say("\n")
                return line
            if key == "\x03":
                self.held = ""
                self.say("^C\n")
                return None
            if key == "\x15":
                self.say("\b \b" * len(self.held) if echo else "")
                self.held = ""
            elif key in "\x7f\b":
                self.say("\b \b" if self.held and echo else "")
                self.held = self.held[:-1]
            elif key >= " ":
                self.held += key
                if echo:
                    self.say(key)

    def paged(self, text: str, page: int) -> None:
        """So many lines at a time; a blank shows more, anything else ends it."""
        lines = text.splitlines(keepends=True)
        for start in range(0, len(lines), page):
            if start:
                self.say(PAGER)
                key = self.key()
                self.say("\r" + " " * len(PAGER) + "\r")
                if key != " ":
                    return
            self.say("".join(lines[start : start + page]))

    def hang(self, *, forever: bool) -> None:
        """Nothing more, until somebody interrupts."""
        while self.key() != "\x03" or forever:
            pass
        self.say("^C\n")
