package io.podnet.api;

import io.podnet.spi.PodResolvConf;
import io.podnet.spi.PodResolvConf.NodeServers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the node's resolv.conf each second and passes on whom it names, as the node's own C library and dnsmasq follow
 * it. The file is read each time: it is small, and its times tell nothing of two changes within one tick of the file
 * system's clock.
 */
final class UpstreamWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Podnet.class);
    private static final long PERIOD_SECONDS = 1;

    private final Path file;
    private final Consumer<List<IpAddress>> resolver;
    private final CountDownLatch closed = new CountDownLatch(1);
    private NodeServers seen;

    /**
     * Starts to look.
     *
     * @param file the node's file
     * @param known what the resolver asks already
     * @param resolver is told of other servers, on a thread of this object's own
     */
    UpstreamWatch(Path file, NodeServers known, Consumer<List<IpAddress>> resolver) {
        this.file = file;
        this.seen = known;
        this.resolver = resolver;
        tellWhatIsLeftOut(known);
        Thread thread = new Thread(this::run, "podnet-upstreams");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (!closed.await(PERIOD_SECONDS, TimeUnit.SECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            LOG.warn("changes of {} are not followed any more: interrupted", file);
        }
    }

    private void look() {
        try {
            NodeServers now = PodResolvConf.nodeServers(file);
            if (now.equals(seen)) {
                return;
            }
            seen = now;
            tellWhatIsLeftOut(now);
            if (now.ips().isEmpty()) {
                // It may just be written, or the node be without a network for a while.
                LOG.warn("{} names no server that can be asked; those that it named before are asked on", file);
                return;
            }
            resolver.accept(now.ips());
            LOG.atInfo()
                    .addKeyValue("upstreams", now.ips())
                    .log("{} changed: names outside the cluster are asked of other servers", file);
        } catch (RuntimeException e) {
            LOG.warn("a change of {} is not followed: {}", file, e.toString());
        }
    }

    private void tellWhatIsLeftOut(NodeServers servers) {
        for (String server : servers.leftOut()) {
            LOG.atWarn()
                    .addKeyValue("upstream", server)
                    .log("a nameserver of {} is not asked: only an address without a zone can be", file);
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
