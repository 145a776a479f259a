"""The forced command of the simulated lab's SSH server: hands its streams to the lab, and ends as the lab says.

``python -I -S client.py SOCKET``: it knows nothing of the project and imports as little as it can, as one of it starts
for every command that somebody sends.
"""

import os
import sys
from _socket import AF_UNIX, SCM_RIGHTS, SOCK_STREAM, SOL_SOCKET, socket

GONE = 255


def main() -> int:
    port = os.environb[b"SSH_CONNECTION"].split()[3]
    line = os.environb.get(b"SSH_ORIGINAL_COMMAND")  # not set where a shell was asked for
    asked = port if line is None else port + b" " + line
    streams = b"".join(stream.to_bytes(4, sys.byteorder) for stream in (0, 1, 2))
    lab = socket(AF_UNIX, SOCK_STREAM)
    try:
        lab.connect(sys.argv[1])
        lab.sendmsg([len(asked).to_bytes(4, "big")], [(SOL_SOCKET, SCM_RIGHTS, streams)])
        lab.sendall(asked)
        status = lab.recv(1)
    except OSError as problem:
        os.write(2, b"the simulated lab is gone: %s\n" % str(problem).encode())
        return GONE
    return status[0] if status else GONE


if __name__ == "__main__":
    os._exit(main())
