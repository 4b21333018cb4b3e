"""Traffic for the packet filter's tests: servers that say whom they see, clients, and frames made by hand."""
import ctypes
import os
import select
import socket
import struct
import sys

KINDS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}


def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def serve(kind, address, port, name):
    """Answers each request with its own name and the address that it sees the client under."""
    server = socket.socket(family(address), KINDS[kind])
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family(address) == socket.AF_INET6:
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    server.bind((address, int(port)))
    if kind == "tcp":
        server.listen(16)
    print("ready", flush=True)
    while True:
        if kind == "tcp":
            client, peer = server.accept()
            client.sendall((name + " saw " + peer[0]).encode())
            client.close()
        else:
            _, peer = server.recvfrom(100)
            server.sendto((name + " saw " + peer[0]).encode(), peer)


def ask(kind, address, port, source="", source_port="0", seconds="3"):
    client = socket.socket(family(address), KINDS[kind])
    client.settimeout(float(seconds))
    if source or source_port != "0":
        client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        client.bind((source, int(source_port)))
    try:
        client.connect((address, int(port)))
        if kind == "udp":
            client.send(b"?")
        answer = client.recv(100).decode()
    except ConnectionRefusedError:
        answer = "refused"
    except (socket.timeout, TimeoutError):
        answer = "no answer"
    except OSError as failure:
        answer = failure.strerror
    print(answer)


def enter(path):
    descriptor = os.open(path, os.O_RDONLY)
    if ctypes.CDLL(None, use_errno=True).setns(descriptor, 0x40000000) != 0:
        raise OSError(ctypes.get_errno(), "setns " + path)
    os.close(descriptor)


def mac(text):
    return bytes.fromhex(text.replace(":", ""))


def v4(text):
    return socket.inet_pton(socket.AF_INET, text)


def v6(text):
    return socket.inet_pton(socket.AF_INET6, text)


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ether(to, sender, kind, payload):
    return mac(to) + mac(sender) + struct.pack("!H", kind) + payload


def ip4(sender, to, protocol, payload):
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0) + v4(sender) + v4(to)
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def ip6(sender, to, protocol, payload):
    return struct.pack("!IHBB", 6 << 28, len(payload), protocol, 255) + v6(sender) + v6(to) + payload


def icmp6(sender, to, payload):
    pseudo = v6(sender) + v6(to) + struct.pack("!IHBB", len(payload), 0, 0, 58)
    return ip6(sender, to, 58, payload[:2] + struct.pack("!H", checksum(pseudo + payload)) + payload[4:])


def udp(source, to, payload):
    return struct.pack("!HHHH", source, to, 8 + len(payload), 0) + payload


def arp(operation, sender_mac, sender, target):
    return struct.pack("!HHBBH", 1, 0x0800, 6, 4, operation) + mac(sender_mac) + v4(sender) + bytes(6) + v4(target)


def solicit(target):
    return bytes([135, 0, 0, 0, 0, 0, 0, 0]) + v6(target)


def advertise(target):
    return bytes([136, 0, 0, 0, 0x20, 0, 0, 0]) + v6(target)


TAG = bytes.fromhex("81000001")


def received(frame):
    """A packet socket gets the tag apart from the frame."""
    return frame.replace(TAG, b"", 1)


def forge(sender_ns, receiver_ns, me_mac, me4, me6, me_local, you_mac, you4, you6, gateway4, gateway6):
    """Sends one frame of each kind from one pod and tells which of them arrive in another."""
    other = "02:ff:ff:ff:ff:ff"
    all_nodes = "33:33:00:00:00:01"
    u = lambda: udp(5000, 5001, b"x")
    frames = {
        "honest IPv4": ether(you_mac, me_mac, 0x0800, ip4(me4, you4, 17, u())),
        "honest IPv6": ether(you_mac, me_mac, 0x86DD, ip6(me6, you6, 17, u())),
        "honest link-local": ether(all_nodes, me_mac, 0x86DD, ip6(me_local, "ff02::1", 17, u())),
        "honest ARP": ether("ff:ff:ff:ff:ff:ff", me_mac, 0x0806, arp(1, me_mac, me4, you4)),
        "ARP probe for itself": ether("ff:ff:ff:ff:ff:ff", me_mac, 0x0806, arp(1, me_mac, "0.0.0.0", me4)),
        "honest advertisement": ether(all_nodes, me_mac, 0x86DD, icmp6(me6, "ff02::1", advertise(me6))),
        "honest solicitation": ether(all_nodes, me_mac, 0x86DD, icmp6(me6, "ff02::1", solicit(you6))),
        "DAD for itself": ether(all_nodes, me_mac, 0x86DD, icmp6("::", "ff02::1", solicit(me6))),
        "forged MAC": ether(you_mac, other, 0x0800, ip4(me4, you4, 17, u())),
        "gateway's IPv4": ether(you_mac, me_mac, 0x0800, ip4(gateway4, you4, 17, u())),
        "no IPv4": ether(you_mac, me_mac, 0x0800, ip4("0.0.0.0", you4, 17, u())),
        "DHCP server": ether(you_mac, me_mac, 0x0800, ip4(me4, you4, 17, udp(67, 68, b"x"))),
        "gateway's ARP": ether("ff:ff:ff:ff:ff:ff", me_mac, 0x0806, arp(2, me_mac, gateway4, you4)),
        "ARP with another MAC": ether("ff:ff:ff:ff:ff:ff", me_mac, 0x0806, arp(2, other, me4, you4)),
        "ARP probe for another": ether("ff:ff:ff:ff:ff:ff", me_mac, 0x0806, arp(1, me_mac, "0.0.0.0", you4)),
        "short ARP": ether("ff:ff:ff:ff:ff:ff", me_mac, 0x0806, arp(1, me_mac, me4, you4)[:10]),
        "gateway's IPv6": ether(you_mac, me_mac, 0x86DD, ip6(gateway6, you6, 17, u())),
        "another link-local": ether(all_nodes, me_mac, 0x86DD, ip6("fe80::1", "ff02::1", 17, u())),
        "gateway's advertisement": ether(all_nodes, me_mac, 0x86DD, icmp6(me6, "ff02::1", advertise(gateway6))),
        "DAD for another": ether(all_nodes, me_mac, 0x86DD, icmp6("::", "ff02::1", solicit(you6))),
        "router advertisement": ether(
            all_nodes, me_mac, 0x86DD, icmp6(me_local, "ff02::1", struct.pack("!BBHBBHII", 134, 0, 0, 64, 0, 1800, 0, 0))
        ),
        "router advertisement behind options": ether(
            all_nodes,
            me_mac,
            0x86DD,
            ip6(me_local, "ff02::1", 60, bytes([58, 0, 1, 4, 0, 0, 0, 0]) + bytes([134, 0, 0, 0]) + bytes(12)),
        ),
        "DHCPv6 server": ether(you_mac, me_mac, 0x86DD, ip6(me6, you6, 17, udp(547, 546, b"x"))),
        "VLAN tag": mac(you_mac) + mac(me_mac) + TAG + bytes.fromhex("0800") + ip4(gateway4, you4, 17, udp(7, 7, b"x")),
        "spanning tree": mac("01:80:c2:00:00:00") + mac(me_mac) + struct.pack("!H", 38) + bytes.fromhex("424203") + bytes(35),
        "other protocol": ether(you_mac, me_mac, 0x88B5, bytes(50)),
    }
    enter(receiver_ns)
    receiver = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    receiver.bind(("eth0", 3))
    enter(sender_ns)
    sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    sender.bind(("eth0", 0))
    last = ether(you_mac, me_mac, 0x0800, ip4(me4, you4, 17, udp(5000, 5002, b"the last")))
    for frame in list(frames.values()) + [last]:
        sender.send(frame)
    seen = set()
    while select.select([receiver], [], [], 5)[0]:
        arrived = receiver.recv(2000)
        if arrived == last:
            break
        seen.update(name for name, frame in frames.items() if received(frame) == arrived)
    else:
        print("the last frame did not arrive")
    for name in frames:
        if name in seen:
            print(name)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def sctp(sender_ns, to, port, receiver_ns):
    """Sends an SCTP INIT and tells where it arrives."""
    enter(receiver_ns)
    receiver = socket.socket(socket.AF_INET, socket.SOCK_RAW, 132)
    enter(sender_ns)
    sender = socket.socket(socket.AF_INET, socket.SOCK_RAW, 132)
    chunk = struct.pack("!BBHIIHHI", 1, 0, 20, 7, 65536, 1, 1, 7)
    head = struct.pack("!HHI", 40000, int(port), 0)
    sender.sendto(head + struct.pack("<I", crc32c(head + bytes(4) + chunk)) + chunk, (to, 0))
    if select.select([receiver], [], [], 3)[0]:
        packet = receiver.recv(2000)
        offset = (packet[0] & 15) * 4
        print(socket.inet_ntoa(packet[12:16]), "to port", struct.unpack("!H", packet[offset + 2 : offset + 4])[0])
    else:
        print("no answer")


globals()[sys.argv[1]](*sys.argv[2:])
