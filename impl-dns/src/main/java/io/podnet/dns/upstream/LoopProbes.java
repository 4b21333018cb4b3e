package io.podnet.dns.upstream;

import io.podnet.dns.response.DomainName;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Names that were sent to a server to see whether they come back. Each has 160 random bits and counts once, so that
 * nobody can make a server look like a loop by guessing (CVE-2026-26018). Safe for any thread.
 */
final class LoopProbes {
    private static final int RANDOM_BYTES = 20;
    private static final int MOST = 256;
    private static final DomainName ZONE = DomainName.parse("loop-probe.podnet");

    private final RandomGenerator random;
    private final Map<DomainName, UpstreamHealth> expected = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<DomainName, UpstreamHealth> eldest) {
            return size() > MOST;
        }
    };
    private final Map<DomainName, Boolean> back = new LinkedHashMap<>();

    LoopProbes(RandomGenerator random) {
        this.random = random;
    }

    synchronized DomainName expect(UpstreamHealth server) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        DomainName name = DomainName.parse(HexFormat.of().formatHex(bytes)).below(ZONE);
        expected.put(name, server);
        return name;
    }

    /** A client asks for a name. Gives the server that the probe was sent to, once. */
    synchronized @Nullable UpstreamHealth take(DomainName name) {
        UpstreamHealth server = expected.remove(name);
        if (server != null) {
            back.put(name, true);
            if (back.size() > MOST) {
                back.remove(back.keySet().iterator().next());
            }
        }
        return server;
    }

    /** The probe's answer is there. Tells whether the probe itself came back, and forgets it. */
    synchronized boolean cameBack(DomainName name) {
        expected.remove(name);
        return back.remove(name) != null;
    }
}
