package io.podnet.netlink.namespace;

/**
 * What tells two namespaces apart: two references with equal ids are the same namespace as long as one of them is held.
 * After the last reference is gone the kernel may use the inode number again.
 *
 * @param device device number of nsfs, major in the upper 32 bits
 * @param inode inode number in nsfs, as in {@code net:[4026531840]}
 */
public record NamespaceId(long device, long inode) {
    @Override
    public String toString() {
        return Long.toUnsignedString(inode);
    }
}
