package io.podnet.api;

import java.nio.file.Path;

/** The test's own namespace, for parts that only hand it on. */
final class OwnNamespace implements NamespaceRef {
    @Override
    public int fd() {
        return -1;
    }

    @Override
    public Path path() {
        return Path.of("/proc/self/ns/net");
    }

    @Override
    public long inode() {
        return 1;
    }
}
