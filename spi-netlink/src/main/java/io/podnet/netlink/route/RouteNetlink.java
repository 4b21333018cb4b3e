package io.podnet.netlink.route;

import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.socket.NetlinkBuffers;
import io.podnet.netlink.socket.NetlinkConversation;
import io.podnet.netlink.socket.NetlinkRequest;
import io.podnet.netlink.socket.NetlinkSocket;
import java.util.List;

/**
 * All of rtnetlink for one network namespace, over one socket. Safe for any thread; one request at a time.
 *
 * <p>Bound to the namespace of the thread that opens it. Close it, or the namespace stays alive.
 */
public final class RouteNetlink implements AutoCloseable {
    private final NetlinkConversation conversation;
    private final Links links;
    private final BridgePorts bridgePorts;
    private final Addresses addresses;
    private final Routes routes;
    private final Rules rules;
    private final Neighbours neighbours;
    private final BridgeFdb bridgeFdb;

    /**
     * Wraps a conversation.
     *
     * @param conversation over NETLINK_ROUTE, or over a fake; closed with this object
     */
    public RouteNetlink(NetlinkConversation conversation) {
        this.conversation = conversation;
        this.links = new Links(conversation);
        this.bridgePorts = new BridgePorts(conversation);
        this.addresses = new Addresses(conversation);
        this.routes = new Routes(conversation);
        this.rules = new Rules(conversation);
        this.neighbours = new Neighbours(conversation);
        this.bridgeFdb = new BridgeFdb(conversation);
    }

    /**
     * Opens a socket in the calling thread's network namespace.
     *
     * @return an open object
     */
    public static RouteNetlink open() {
        return open(NetlinkBuffers.allocate());
    }

    /**
     * Opens a socket in the calling thread's network namespace, by system calls alone.
     *
     * @param buffers memory that no other socket uses
     * @return an open object
     */
    public static RouteNetlink open(NetlinkBuffers buffers) {
        return new RouteNetlink(new NetlinkConversation(NetlinkSocket.open(LinuxNetlink.NETLINK_ROUTE, buffers)));
    }

    /**
     * Gives the links.
     *
     * @return always the same object
     */
    public Links links() {
        return links;
    }

    /**
     * Gives the settings of bridge ports.
     *
     * @return always the same object
     */
    public BridgePorts bridgePorts() {
        return bridgePorts;
    }

    /**
     * Gives the addresses.
     *
     * @return always the same object
     */
    public Addresses addresses() {
        return addresses;
    }

    /**
     * Gives the routes.
     *
     * @return always the same object
     */
    public Routes routes() {
        return routes;
    }

    /**
     * Gives the policy rules.
     *
     * @return always the same object
     */
    public Rules rules() {
        return rules;
    }

    /**
     * Gives the ARP and neighbour discovery entries.
     *
     * @return always the same object
     */
    public Neighbours neighbours() {
        return neighbours;
    }

    /**
     * Gives the forwarding entries of bridges and VXLANs.
     *
     * @return always the same object
     */
    public BridgeFdb bridgeFdb() {
        return bridgeFdb;
    }

    /**
     * Gives the conversation, for batches that mix kinds and for families that have rooms of their own.
     *
     * @return always the same object
     */
    public NetlinkConversation conversation() {
        return conversation;
    }

    /**
     * Has requests of any kind carried out, many to a datagram.
     *
     * @param requests independent requests, in this order
     * @throws io.podnet.api.PodnetException the first refusal, the others suppressed; those after it were carried out
     */
    public void batch(List<? extends NetlinkRequest> requests) {
        conversation.batch(requests);
    }

    @Override
    public void close() {
        conversation.close();
    }
}
