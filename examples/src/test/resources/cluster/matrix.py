"""Every pod connects to every pod, by every address; who is connected to says which address it sees.

Argument: a JSON list of pods, each [network namespace, [addresses]]. Prints what is wrong, and how many were right.
"""

import ctypes
import json
import os
import selectors
import socket
import sys
import threading

CLONE_NEWNET = 0x40000000
PORT = 7777
libc = ctypes.CDLL(None, use_errno=True)


def enter(path):
    fd = os.open(path, os.O_RDONLY)
    if libc.setns(fd, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns " + path)
    os.close(fd)


def plain(address):
    return address[len("::ffff:"):] if address.startswith("::ffff:") else address


def serve(selector):
    while True:
        for key, _ in selector.select():
            peer, address = key.fileobj.accept()
            peer.sendall(plain(address[0]).encode())
            peer.close()


def main():
    pods = json.loads(sys.argv[1])
    selector = selectors.DefaultSelector()
    for namespace, _ in pods:
        enter(namespace)
        listener = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("::", PORT))
        listener.listen(256)
        selector.register(listener, selectors.EVENT_READ)
    threading.Thread(target=serve, args=(selector,), daemon=True).start()
    right = 0
    for namespace, own in pods:
        enter(namespace)
        for _, addresses in pods:
            for address in addresses:
                try:
                    with socket.create_connection((address, PORT), timeout=5) as peer:
                        seen = peer.recv(100).decode()
                except OSError as e:
                    seen = str(e)
                if seen in own and (":" in seen) == (":" in address):
                    right += 1
                else:
                    print(f"{own} to {address}: {seen}")
    print(right)


main()
