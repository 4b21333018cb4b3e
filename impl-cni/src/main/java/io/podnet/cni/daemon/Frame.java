package io.podnet.cni.daemon;

import io.podnet.api.PodnetException;
import io.podnet.cni.plugin.PluginAnswer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The bytes between the executable and the daemon, also those of a journal file; {@code src/main/shim/podnet-cni.c} has the
 * other half. Numbers are in the machine's own order, both ends being on it.
 *
 * <pre>
 * request  "PNC1" | bytes of the environment | bytes of the configuration | which descriptors came along | both
 * answer   "PNR1" | exit code | bytes of the output | it
 * </pre>
 *
 * @param variables the environment
 * @param config the configuration
 */
record Frame(Map<String, String> variables, String config) {
    static final int HEADER = 16;

    private static final byte[] REQUEST = "PNC1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ANSWER = "PNR1".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_ENVIRONMENT = 64 << 10;
    private static final int MOST_CONFIG = 1 << 20;
    private static final int CALLER = 1;
    private static final int POD = 2;

    /**
     * A request's header.
     *
     * @param environment bytes of the environment
     * @param config bytes of the configuration
     * @param caller whether the caller's namespace came along, as the first descriptor
     * @param pod whether the container's came along, as the next
     */
    record Header(int environment, int config, boolean caller, boolean pod) {
        static Header read(byte[] bytes) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
            int environment = buffer.getInt(4);
            int config = buffer.getInt(8);
            int descriptors = buffer.getInt(12);
            if (!Arrays.equals(bytes, 0, 4, REQUEST, 0, 4)
                    || environment < 0
                    || environment > MOST_ENVIRONMENT
                    || config < 0
                    || config > MOST_CONFIG) {
                throw new PodnetException.Invalid("not a request of podnet-cni, or too long");
            }
            return new Header(environment, config, (descriptors & CALLER) != 0, (descriptors & POD) != 0);
        }
    }

    static Frame of(byte[] environment, byte[] config) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String pair : new String(environment, StandardCharsets.UTF_8).split("\0", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                variables.putIfAbsent(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return new Frame(variables, new String(config, StandardCharsets.UTF_8));
    }

    static Frame parse(byte[] bytes) {
        if (bytes.length < HEADER) {
            throw new PodnetException.Invalid("a request without its header");
        }
        Header header = Header.read(Arrays.copyOf(bytes, HEADER));
        if (bytes.length != HEADER + header.environment() + header.config()) {
            throw new PodnetException.Invalid("a request of another length than it says");
        }
        int middle = HEADER + header.environment();
        return of(Arrays.copyOfRange(bytes, HEADER, middle), Arrays.copyOfRange(bytes, middle, bytes.length));
    }

    /** A request without configuration and descriptors. */
    static ByteBuffer request(byte[] environment) {
        return ByteBuffer.allocate(HEADER + environment.length)
                .order(ByteOrder.nativeOrder())
                .put(REQUEST)
                .putInt(environment.length)
                .putInt(0)
                .putInt(0)
                .put(environment)
                .flip();
    }

    static byte[] write(PluginAnswer answer) {
        byte[] output = answer.output().getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.allocate(12 + output.length).order(ByteOrder.nativeOrder());
        return buffer.put(ANSWER)
                .putInt(answer.exitCode())
                .putInt(output.length)
                .put(output)
                .array();
    }
}
