"""Packets that containers should not get through, and whoever they would reach.

advertise LINK                          a router advertisement with a prefix, to all nodes
datagram LINK MAC SOURCE TARGET PORT    a UDP datagram in a frame of one's own making
listen PORT FILE ADDRESS...             writes "SOURCE to ADDRESS" for each datagram; the file is there when it listens
serve PORT FILE                         says hello to whoever connects
connect ADDRESS PORT                    prints what it is told, or "refused"
"""
import os
import selectors
import socket
import struct
import sys


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def packet_socket(link):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    sock.bind((link, 0))
    return sock


def advertise(link):
    sock = packet_socket(link)
    mac = sock.getsockname()[4]
    source = socket.inet_pton(socket.AF_INET6, "fe80::bad")
    target = socket.inet_pton(socket.AF_INET6, "ff02::1")
    prefix = struct.pack("!BBBBIII16s", 3, 4, 64, 0xC0, 3600, 3600, 0, socket.inet_pton(socket.AF_INET6, "2001:db8:bad::"))
    body = struct.pack("!BBHBBHII", 134, 0, 0, 64, 0, 1800, 0, 0) + prefix + struct.pack("!BB6s", 1, 1, mac)
    pseudo = source + target + struct.pack("!I3xB", len(body), 58)
    body = body[:2] + struct.pack("!H", checksum(pseudo + body)) + body[4:]
    ip = struct.pack("!IHBB", 6 << 28, len(body), 58, 255) + source + target
    sock.send(bytes.fromhex("333300000001") + mac + b"\x86\xdd" + ip + body)


def datagram(link, mac, source, target, port):
    sock = packet_socket(link)
    body = struct.pack("!HHHH", 4000, int(port), 8 + 2, 0) + b"hi"
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(body), 1, 0, 64, 17, 0, socket.inet_aton(source),
                       socket.inet_aton(target))
    head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
    frame = bytes.fromhex(mac.replace(":", "")) + sock.getsockname()[4] + b"\x08\x00" + head + body
    sock.send(frame)


def listen(port, file, *addresses):
    waiting = selectors.DefaultSelector()
    for address in addresses:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind((address, int(port)))
        waiting.register(sock, selectors.EVENT_READ, address)
    with open(file + ".new", "w", buffering=1) as out:
        os.rename(file + ".new", file)
        while True:
            for key, _ in waiting.select():
                _, source = key.fileobj.recvfrom(100)
                out.write("%s to %s\n" % (source[0], key.data))


def serve(port, file):
    server = socket.create_server(("", int(port)))
    open(file, "w").close()
    while True:
        connection, _ = server.accept()
        connection.sendall(b"hello")
        connection.close()


def connect(address, port):
    try:
        with socket.create_connection((address, int(port)), timeout=5) as connection:
            print(connection.recv(100).decode())
    except ConnectionRefusedError:
        print("refused")


if __name__ == "__main__":
    {one.__name__: one for one in (advertise, datagram, listen, serve, connect)}[sys.argv[1]](*sys.argv[2:])
