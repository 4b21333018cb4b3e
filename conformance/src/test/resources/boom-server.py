# Listens at ADDRESS PORT, and after accept sends one segment far outside the connection's window; then tells how many
# resets came back from the client within a second.
import select, socket, struct, sys, time

address, port = sys.argv[1], int(sys.argv[2])
family = socket.AF_INET6 if ":" in address else socket.AF_INET

def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF

def segment(source, destination, client_port):
    text = b"boom!!!"
    # Offset 5 words, flags PSH and ACK.
    head = struct.pack("!HHIIBBHHH", port, client_port, 4000000, 1234567, 5 << 4, 0x18, 29200, 0, 0)
    packed = socket.inet_pton(family, source) + socket.inet_pton(family, destination)
    if family == socket.AF_INET:
        pseudo = packed + struct.pack("!BBH", 0, socket.IPPROTO_TCP, len(head) + len(text))
    else:
        pseudo = packed + struct.pack("!II", len(head) + len(text), socket.IPPROTO_TCP)
    return head[:16] + struct.pack("!H", checksum(pseudo + head + text)) + head[18:] + text

raw = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_TCP)
server = socket.socket(family, socket.SOCK_STREAM)
server.bind((address, port))
server.listen(5)
print("listening", flush=True)
while True:
    connection, peer = server.accept()
    client, client_port = peer[0], peer[1]
    raw.sendto(segment(address, client, client_port), (client, 0) if family == socket.AF_INET else (client, 0, 0, 0))
    resets = 0
    end = time.monotonic() + 1
    while time.monotonic() < end:
        if not select.select([raw], [], [], max(0, end - time.monotonic()))[0]:
            continue
        data = raw.recv(65535)
        # IPv4's raw sockets give the header too.
        tcp = data[(data[0] & 15) * 4:] if family == socket.AF_INET else data
        if struct.unpack("!HH", tcp[:4]) == (client_port, port) and tcp[13] & 4:
            resets += 1
    print("resets %d" % resets, flush=True)
    connection.close()
