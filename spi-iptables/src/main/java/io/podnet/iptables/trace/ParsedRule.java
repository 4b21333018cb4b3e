package io.podnet.iptables.trace;

import io.podnet.api.Cidr;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.api.Protocol;
import io.podnet.iptables.rule.RuleText;
import io.podnet.services.Backend;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A rule that was understood to the last word.
 *
 * @param matches what a packet must fulfil
 * @param probability of the rule once they are fulfilled, 1 without a random match
 * @param history whether it asks for something that the first packet of a new client cannot fulfil
 * @param target a verdict, a chain, or null for none
 * @param mark the mark's new bits, where the target is MARK
 * @param mask the bits that a MARK clears first
 * @param destination where a DNAT sends
 */
record ParsedRule(
        List<Predicate<TracedPacket>> matches,
        double probability,
        boolean history,
        @Nullable String target,
        long mark,
        long mask,
        @Nullable Backend destination) {

    static ParsedRule parse(String text) {
        return new Parser(text).parse();
    }

    boolean matches(TracedPacket packet) {
        return !history && matches.stream().allMatch(match -> match.test(packet));
    }

    /** Reads words; one that it does not know is an error, since a trace that skips a match lies. */
    private static final class Parser {
        private final String text;
        private final Iterator<String> words;
        private final List<Predicate<TracedPacket>> matches = new ArrayList<>();
        private double probability = 1;
        private boolean history;
        private @Nullable String target;
        private long mark;
        private long mask;
        private @Nullable Backend destination;
        private String match = "";

        Parser(String text) {
            this.text = text;
            this.words = RuleText.words(text).iterator();
        }

        ParsedRule parse() {
            while (words.hasNext()) {
                String word = words.next();
                boolean not = word.equals("!");
                option(not ? next() : word, not);
            }
            return new ParsedRule(List.copyOf(matches), probability, history, target, mark, mask, destination);
        }

        private String next() {
            if (!words.hasNext()) {
                throw unknown("its end");
            }
            return words.next();
        }

        private PodnetException unknown(String what) {
            return new PodnetException.Unsupported(
                    "the rule '" + text + "' cannot be traced: " + what + " is not understood");
        }

        private void add(boolean not, Predicate<TracedPacket> predicate) {
            matches.add(not ? predicate.negate() : predicate);
        }

        private void option(String option, boolean not) {
            switch (option) {
                case "-s" -> {
                    Cidr range = Cidr.parse(next());
                    add(not, packet -> range.contains(packet.source()));
                }
                case "-d" -> {
                    Cidr range = Cidr.parse(next());
                    add(not, packet -> range.contains(packet.destination()));
                }
                case "-i" -> {
                    String name = next();
                    add(not, packet -> packet.arrivesBy(name));
                }
                case "-p" -> {
                    Protocol protocol = Protocol.valueOf(next().toUpperCase(Locale.ROOT));
                    add(not, packet -> packet.protocol() == protocol);
                }
                case "-m" -> match = next();
                case "--comment" -> next();
                case "--dport" -> {
                    int port = Integer.parseInt(next());
                    add(not, packet -> packet.destinationPort() == port);
                }
                case "--dst-type" -> {
                    require(next(), "LOCAL");
                    add(not, packet -> packet.isOfNode(packet.destination()));
                }
                case "--src-type" -> {
                    require(next(), "LOCAL");
                    add(not, packet -> packet.isOfNode(packet.source()));
                }
                case "--ctstate" -> {
                    // A first packet is NEW.
                    boolean isNew = List.of(next().split(",", -1)).contains("NEW");
                    add(not, packet -> isNew);
                }
                case "--mark" -> {
                    String[] parts = next().split("/", -1);
                    long value = Long.decode(parts[0]);
                    long bits = Long.decode(parts[1]);
                    add(not, packet -> (packet.mark() & bits) == value);
                }
                case "--mode" -> require(next(), "random");
                case "--probability" -> probability = Double.parseDouble(next());
                case "--rcheck" -> history = true;
                case "--set", "--reap", "--rsource", "--random-fully" -> require(match, match);
                case "--seconds", "--name", "--mask", "--reject-with" -> next();
                case "-j" -> target = next();
                case "--set-xmark" -> {
                    String[] parts = next().split("/", -1);
                    mark = Long.decode(parts[0]);
                    mask = Long.decode(parts[1]);
                }
                case "--to-destination" -> destination = backend(next());
                default -> throw unknown(option);
            }
        }

        private void require(String word, String wanted) {
            if (!word.equals(wanted)) {
                throw unknown(word);
            }
        }

        private static Backend backend(String text) {
            int colon = text.lastIndexOf(':');
            String host = text.startsWith("[") ? text.substring(1, colon - 1) : text.substring(0, colon);
            return new Backend(IpAddress.parse(host), Integer.parseInt(text.substring(colon + 1)));
        }
    }
}
