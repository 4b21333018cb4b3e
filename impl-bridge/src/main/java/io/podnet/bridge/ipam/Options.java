package io.podnet.bridge.ipam;

import io.podnet.api.PodnetException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;

/**
 * The options of {@code host-local}.
 *
 * @param coolDown how long a released address is not handed out; the default outlasts the neighbour entries that point
 *     to the old pod: 15 to 45 s reachable, half a minute on average (Documentation/networking/ip-sysctl.rst,
 *     base_reachable_time_ms)
 */
record Options(Duration coolDown) {
    private static final String COOL_DOWN = "coolDown";
    private static final Duration DEFAULT_COOL_DOWN = Duration.ofSeconds(30);
    private static final Duration LONGEST_COOL_DOWN = Duration.ofDays(1);

    static Options of(Map<String, String> texts) {
        for (String name : texts.keySet()) {
            if (!name.equals(COOL_DOWN)) {
                throw new PodnetException.Invalid("host-local has no option '" + name + "', only '" + COOL_DOWN + "'");
            }
        }
        String text = texts.getOrDefault(COOL_DOWN, DEFAULT_COOL_DOWN.toString());
        Duration coolDown;
        try {
            coolDown = Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new PodnetException.Invalid(
                    COOL_DOWN + " '" + text + "' is not an ISO-8601 duration such as PT30S", e);
        }
        if (coolDown.isNegative() || coolDown.compareTo(LONGEST_COOL_DOWN) > 0) {
            throw new PodnetException.Invalid(COOL_DOWN + " " + text + " is not in PT0S.." + LONGEST_COOL_DOWN);
        }
        return new Options(coolDown);
    }
}
