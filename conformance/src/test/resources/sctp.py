# serve IP PORT NAME: answers the first packet of SCTP associations (INIT) with an INIT ACK, whose state cookie says NAME
#   and the address that it sees.
# ask IP PORT COUNT: begins COUNT associations, each from a port of its own, and tells what the cookies say.
import os, select, socket, struct, sys, time

SCTP, INIT, INIT_ACK, STATE_COOKIE = 132, 1, 2, 7

def table():
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        yield value

TABLE = list(table())

def crc32c(data):
    value = 0xFFFFFFFF
    for byte in data:
        value = TABLE[(value ^ byte) & 255] ^ value >> 8
    return value ^ 0xFFFFFFFF

def packet(source_port, port, tag, kind, cookie=b""):
    parameters = b""
    if cookie:
        parameters = struct.pack("!HH", STATE_COOKIE, 4 + len(cookie)) + cookie + bytes(-len(cookie) % 4)
    chunk = struct.pack("!IIHHI", 0x12345678, 65535, 1, 1, 1) + parameters
    chunk = struct.pack("!BBH", kind, 0, 4 + len(chunk)) + chunk
    head = struct.pack("!HHI", source_port, port, tag)
    # RFC 9260, appendix A: the checksum's bytes go in the order of the least significant first.
    return head + struct.pack("<I", crc32c(head + bytes(4) + chunk)) + chunk

mode, address, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
family = socket.AF_INET6 if ":" in address else socket.AF_INET
raw = socket.socket(family, socket.SOCK_RAW, SCTP)

def receive():
    data, peer = raw.recvfrom(65535)
    # IPv4's raw sockets give the header too.
    sctp = data[(data[0] & 15) * 4:] if family == socket.AF_INET else data
    return sctp, struct.unpack("!HH", sctp[:4]), sctp[12], peer[0]

def send(data, to):
    raw.sendto(data, (to, 0) if family == socket.AF_INET else (to, 0, 0, 0))

if mode == "serve":
    name = sys.argv[4]
    raw.bind((address, 0))
    print("listening", flush=True)
    while True:
        sctp, ports, kind, peer = receive()
        if ports[1] == port and kind == INIT:
            tag = struct.unpack("!I", sctp[16:20])[0]
            send(packet(port, ports[0], tag, INIT_ACK, ("%s %s" % (name, peer)).encode()), peer)
first = 20000 + os.getpid() % 20000
for own in range(first, first + int(sys.argv[4])):
    send(packet(own, port, 0, INIT), address)
    answer, end = "timed out", time.monotonic() + 3
    while answer == "timed out" and select.select([raw], [], [], max(0, end - time.monotonic()))[0]:
        sctp, ports, kind, peer = receive()
        if ports == (port, own) and kind == INIT_ACK and peer == address:
            length = struct.unpack("!HH", sctp[32:36])[1]
            answer = sctp[36:32 + length].decode()
    print(answer, flush=True)
