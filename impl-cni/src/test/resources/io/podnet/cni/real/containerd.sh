#!/bin/bash
# containerd's ctr with the plugin: called in the node's network namespace, in a mount namespace of its own.
# usage: containerd.sh WORK, a directory with bin/podnet-cni in it
set -eu
work=$1
fail() { printf 'containerd.sh: %s\n' "$*" >&2; tail -n 20 "$work/containerd.log" >&2; exit 1; }
mount --make-rprivate /
mount -t tmpfs tmpfs /run
mkdir -p /run/netns /run/lock /etc/cni /var/lib/cni
mount -t tmpfs tmpfs /etc/cni
mount -t tmpfs tmpfs /opt
mount -t tmpfs tmpfs /var/lib/cni
mkdir -p /etc/cni/net.d /opt/cni/bin
cp "$work/bin/podnet-cni" "$work/bin/podnet-cni.conf" /usr/lib/cni/loopback /opt/cni/bin/
# The executable, with a note of what it was asked.
mv /opt/cni/bin/podnet-cni /opt/cni/bin/podnet-cni-real
mv /opt/cni/bin/podnet-cni.conf /opt/cni/bin/podnet-cni-real.conf
cat > /opt/cni/bin/podnet-cni <<END
#!/bin/sh
echo "\$CNI_COMMAND netns=\$CNI_NETNS" >> $work/calls
exec /opt/cni/bin/podnet-cni-real
END
chmod +x /opt/cni/bin/podnet-cni
ip link set lo up
cat > /etc/cni/net.d/10-podnet.conflist <<END
{"cniVersion":"1.0.0","name":"podnet","plugins":[
 {"type":"podnet-cni","bridge":"cni0","isDefaultGateway":true,"ipMasq":true,
  "ipam":{"type":"host-local","dataDir":"$work/leases","subnet":"10.89.0.0/24"}}]}
END
cat > "$work/containerd.toml" <<END
version = 2
root = "$work/containerd-root"
state = "/run/containerd"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs",
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.devmapper"]
[grpc]
address = "/run/containerd/containerd.sock"
END
containerd --config "$work/containerd.toml" > "$work/containerd.log" 2>&1 &
daemon=$!
trap 'kill $daemon 2>/dev/null || true; wait $daemon 2>/dev/null || true' EXIT
for _ in $(seq 100); do
  ctr version > /dev/null 2>&1 && break
  sleep 0.1
done
root() {
  mkdir -p "$work/$1/bin" "$work/$1/proc" "$work/$1/sys" "$work/$1/dev" "$work/$1/etc" "$work/$1/run" "$work/$1/tmp"
  cp "$(command -v busybox)" "$work/$1/bin/busybox"
}
run() {
  root "$1"
  ctr run -d --rootfs --cni "$work/$1" "$1" /bin/busybox sleep 1000 || fail "$1 does not start"
}
address() { ctr task exec --exec-id "a$1" "$1" /bin/busybox ip -4 -o addr show eth0 | sed 's/.*inet \([0-9.]*\).*/\1/'; }
run one
run two
one=$(address one)
two=$(address two)
[ -n "$one" ] && [ -n "$two" ] && [ "$one" != "$two" ] || fail "addresses '$one' and '$two'"
ctr task exec --exec-id p1 one /bin/busybox ping -c 1 -W 5 "$two" > /dev/null || fail "one does not reach two"
ctr task exec --exec-id p2 two /bin/busybox ping -c 1 -W 5 "$one" > /dev/null || fail "two does not reach one"
for name in one two; do
  ctr task kill -s KILL "$name" || fail "$name cannot be killed"
  for _ in $(seq 100); do
    ctr task ls | grep -q "^$name .*STOPPED" && break
    sleep 0.1
  done
  ctr task rm "$name" > /dev/null 2>&1 || fail "the task of $name cannot be removed"
  ctr container rm "$name" || fail "$name cannot be removed"
done
# ctr forgets the network of what it started in the background; GC collects it.
printf '%s' '{"cniVersion":"1.1.0","name":"podnet","type":"podnet-cni","bridge":"cni0","isDefaultGateway":true,
  "ipMasq":true,"ipam":{"type":"host-local","dataDir":"'"$work"'/leases","subnet":"10.89.0.0/24"},
  "cni.dev/valid-attachments":[]}' | CNI_COMMAND=GC CNI_PATH=/opt/cni/bin /opt/cni/bin/podnet-cni || fail "GC"
[ -z "$(find "$work/leases/podnet" -name '10.*')" ] || fail "GC left leases"
# In the foreground ctr itself says DEL, with no namespace.
root three
ctr run --rm --rootfs --cni "$work/three" three /bin/busybox ip -4 -o addr show eth0 > "$work/three.out" || fail "three"
grep -q 'inet 10.89.0' "$work/three.out" || fail "three had no address: $(cat "$work/three.out")"
grep -q '^DEL netns=$' "$work/calls" || fail "no DEL without a namespace was seen: $(cat "$work/calls")"
cat "$work/calls"
left=$(ip -o link | grep -v -e ' lo: ' -e ' cni0: ' || true)
[ -z "$left" ] || fail "links are left: $left"
left=$(nft list ruleset | grep podnet || true)
[ -z "$left" ] || fail "rules are left: $left"
left=$(ls "$work"/state/networks/*/attachments "$work"/state/pending 2>/dev/null | grep -v -e : -e '^$' || true)
[ -z "$left" ] || fail "records are left: $left"
left=$(find "$work/leases/podnet" -name '10.*')
[ -z "$left" ] || fail "leases are left: $left"
echo "containerd.sh: ok"
