package io.podnet.iptables.rule;

import java.util.ArrayList;
import java.util.List;

/**
 * A rule's text, taken apart. A fingerprint does not depend on the order of matches nor on {@code -m}, in which versions
 * of iptables differ; it does depend on everything else.
 */
public final class RuleText {
    /** Of a chain without rules. */
    public static final long EMPTY_CHAIN = 0x9e3779b97f4a7c15L;

    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;
    private static final long MATCH = word("-m");
    private static final long MATCH_LONG = word("--match");

    private RuleText() {}

    /**
     * Splits a rule into words.
     *
     * @param text a rule; words with blanks are in double quotes, with {@code \} before a quote
     * @return its words without the quotes
     */
    public static List<String> words(CharSequence text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            if (text.charAt(i) == ' ') {
                i++;
                continue;
            }
            word.setLength(0);
            boolean quoted = false;
            while (i < text.length() && (quoted || text.charAt(i) != ' ')) {
                char c = text.charAt(i);
                if (c == '"') {
                    quoted = !quoted;
                } else if (c == '\\' && quoted && i + 1 < text.length()) {
                    word.append(text.charAt(++i));
                } else {
                    word.append(c);
                }
                i++;
            }
            words.add(word.toString());
        }
        return words;
    }

    /**
     * Computes a rule's fingerprint, without allocating.
     *
     * @param text characters that hold a rule, without {@code -A CHAIN}
     * @param from where it begins
     * @return 64 bits
     */
    public static long fingerprint(CharSequence text, int from) {
        long sum = 0;
        long group = 0;
        boolean named = false;
        boolean skipped = false;
        boolean negated = false;
        int length = text.length();
        int i = from;
        while (i < length) {
            if (text.charAt(i) == ' ') {
                i++;
                continue;
            }
            boolean option = text.charAt(i) == '-';
            boolean not = text.charAt(i) == '!' && (i + 1 == length || text.charAt(i + 1) == ' ');
            long hash = OFFSET;
            boolean quoted = false;
            while (i < length && (quoted || text.charAt(i) != ' ')) {
                char c = text.charAt(i++);
                if (c == '"') {
                    quoted = !quoted;
                    continue;
                }
                if (c == '\\' && quoted && i < length) {
                    c = text.charAt(i++);
                }
                hash = (hash ^ c) * PRIME;
            }
            if (not) {
                negated = true;
                continue;
            }
            if (option) {
                if (named && !skipped) {
                    sum += mix(group);
                }
                named = true;
                skipped = hash == MATCH || hash == MATCH_LONG;
                group = negated ? ~hash : hash;
                negated = false;
            } else {
                group = group * 31 + hash;
            }
        }
        return named && !skipped ? sum + mix(group) : sum;
    }

    /**
     * Adds a rule to a chain's fingerprint; the order of rules counts.
     *
     * @param chain the fingerprint so far, {@link #EMPTY_CHAIN} at first
     * @param rule the rule's fingerprint
     * @return the chain's with the rule
     */
    public static long append(long chain, long rule) {
        return mix(chain * 31 + rule);
    }

    private static long word(String word) {
        long hash = OFFSET;
        for (int i = 0; i < word.length(); i++) {
            hash = (hash ^ word.charAt(i)) * PRIME;
        }
        return hash;
    }

    // The finalizer of SplitMix64 (Steele, Lea, Flood 2014).
    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
