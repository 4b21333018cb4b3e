#!/bin/bash
# podman with the plugin: called in the node's network namespace, in a mount namespace of its own.
# usage: podman.sh WORK, a directory with bin/podnet-cni in it
set -eu
work=$1
fail() { printf 'podman.sh: %s\n' "$*" >&2; exit 1; }
mount --make-rprivate /
mount -t tmpfs tmpfs /run
mkdir -p /run/netns /run/lock "$work/net.d" "$work/cache"
mkdir -p /var/lib/cni
mount -t tmpfs tmpfs /var/lib/cni
ip link set lo up
export CONTAINERS_CONF=$work/containers.conf
cat > "$CONTAINERS_CONF" <<END
[network]
network_backend = "cni"
cni_plugin_dirs = ["$work/bin", "/usr/lib/cni"]
network_config_dir = "$work/net.d"
default_network = "podnet"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "none"
END
# What podman writes itself (87-podman-bridge.conflist), with its first type changed.
cat > "$work/net.d/10-podnet.conflist" <<END
{"cniVersion":"0.4.0","name":"podnet","plugins":[
 {"type":"podnet-cni","bridge":"cni-podman0","isGateway":true,"ipMasq":true,"hairpinMode":true,
  "capabilities":{"portMappings":true},
  "ipam":{"type":"host-local","dataDir":"$work/leases","routes":[{"dst":"0.0.0.0/0"}],"ranges":[[{"subnet":"10.88.0.0/16","gateway":"10.88.0.1"}]]}},
 {"type":"firewall"},
 {"type":"tuning"}]}
END
sed -e s/podnet\"/second\"/ -e s/cni-podman0/cni-podman1/ -e s/10\\.88/10.89/g "$work/net.d/10-podnet.conflist" \
  > "$work/net.d/20-second.conflist"
root() { # a root file system that is one program
  mkdir -p "$work/$1/bin" "$work/$1/proc" "$work/$1/sys" "$work/$1/dev" "$work/$1/etc" "$work/$1/www" "$work/$1/tmp" \
    "$work/$1/run"
  cp "$(command -v busybox)" "$work/$1/bin/busybox"
  ln -sf busybox "$work/$1/bin/sh"
  echo "hello from $1" > "$work/$1/www/index.html"
}
pod() { podman --root "$work/storage" --runroot "$work/runroot" --storage-driver vfs --log-level error "$@"; }
run() { # name, more options
  local name=$1
  shift
  root "$name"
  pod run -d --name "$name" "$@" --ulimit nofile=20000:20000 --ulimit nproc=1000:1000 \
    --security-opt seccomp=unconfined --rootfs "$work/$name" /bin/busybox httpd -f -p 80 -h /www > /dev/null
}
address() { pod inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$1"; }

# Debian's static busybox has a wget that crashes.
get() { # a command to run it by
  "$@" timeout 10 bash -c 'exec 3<> /dev/tcp/10.88.0.1/8080; printf "GET / HTTP/1.0\r\n\r\n" >&3; tail -n 1 <&3'
}
trap 'kill "${echo:-}" 2> /dev/null || true; pod rm -f -a -t 0 > /dev/null 2>&1 || true' EXIT

run one -p 8080:80 -p 5353:5353/udp
run two
run three
one=$(address one)
two=$(address two)
[ -n "$one" ] && [ -n "$two" ] && [ "$one" != "$two" ] || fail "addresses '$one' and '$two'"
pod exec one /bin/busybox ping -c 1 -W 5 "$two" > /dev/null || fail "one does not reach two"
pod exec two /bin/busybox ping -c 1 -W 5 "$one" > /dev/null || fail "two does not reach one"
# Both networks have a default route; the container is in both.
run both --network podnet,second
[ "$(pod exec both /bin/busybox ip -4 -o address show scope global | wc -l)" = 2 ] || fail "not in two networks"
pod exec both /bin/busybox ping -c 1 -W 5 "$one" > /dev/null || fail "both does not reach one"
pod exec both /bin/busybox ping -c 1 -W 5 10.89.0.1 > /dev/null || fail "both does not reach the second network's gateway"
pod rm -f -t 0 both > /dev/null
for _ in $(seq 50); do # until its server listens
  [ "$(get 2>&1 || true)" != "hello from one" ] || break
  sleep 0.1
done
[ "$(get)" = "hello from one" ] || fail "the published port leads elsewhere"
for name in one two; do
  [ "$(get nsenter -t "$(pod inspect -f '{{.State.Pid}}' "$name")" -n)" = "hello from one" ] \
    || fail "the published port leads elsewhere for $name"
done
cat > "$work/echo.py" <<END
import socket
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("", 5353))
while True:
    server.sendto(*server.recvfrom(100))
END
nsenter -t "$(pod inspect -f '{{.State.Pid}}' one)" -n python3 "$work/echo.py" &
echo=$!
udp() { # until its server listens
  for _ in $(seq 50); do
    bash -c 'exec 3<> /dev/udp/10.88.0.1/5353; echo echoed >&3; timeout 0.2 head -n 1 <&3' && return
  done
}
[ "$(udp 2> /dev/null)" = echoed ] || fail "the published UDP port leads elsewhere"
kill $echo
wait $echo || true
pod rm -f -t 0 three > /dev/null
[ "$(get)" = "hello from one" ] || fail "the published port is lost with another container"
pod restart -t 0 one > /dev/null || fail "one does not restart"
for _ in $(seq 50); do # until its server listens
  [ "$(get 2>&1 || true)" != "hello from one" ] || break
  sleep 0.1
done
[ "$(get)" = "hello from one" ] || fail "the port is lost by a restart"
pod rm -f -t 0 one two > /dev/null
left=$(ip -o link | grep -v -e ' lo: ' -e ' cni-podman[01]: ' || true)
[ -z "$left" ] || fail "links are left: $left"
left=$(nft list ruleset | grep podnet || true)
[ -z "$left" ] || fail "rules are left: $left"
left=$(ls "$work"/state/networks/*/attachments "$work"/state/pending 2>/dev/null | grep -v -e : -e '^$' || true)
[ -z "$left" ] || fail "records are left: $left"
left=$(find "$work/leases" -name '10.*')
[ -z "$left" ] || fail "leases are left: $left"
[ -z "$(ls /run/netns)" ] || fail "namespaces are left"
rmdir /sys/fs/cgroup/libpod_parent 2>/dev/null || true
echo "podman.sh: ok"
