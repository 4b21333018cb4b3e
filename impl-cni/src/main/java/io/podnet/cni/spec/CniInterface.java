package io.podnet.cni.spec;

/**
 * An interface in a result.
 *
 * @param name its name
 * @param mac its hardware address as the plugin wrote it; empty where there is none
 * @param mtu its MTU in bytes; 0 where it is not told. Since 1.1.0
 * @param sandbox path of the namespace it is in, empty for the node's own
 * @param socketPath path of a socket that stands for the interface, empty where there is none. Since 1.1.0
 * @param pciId address of the PCI device behind it, empty where there is none. Since 1.1.0
 */
public record CniInterface(String name, String mac, int mtu, String sandbox, String socketPath, String pciId) {
    /**
     * Makes an interface of a kernel.
     *
     * @param name its name
     * @param mac its hardware address
     * @param mtu its MTU in bytes; 0 where it is not told
     * @param sandbox path of the namespace it is in, empty for the node's own
     */
    public CniInterface(String name, String mac, int mtu, String sandbox) {
        this(name, mac, mtu, sandbox, "", "");
    }
}
