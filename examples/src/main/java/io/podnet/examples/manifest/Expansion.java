package io.podnet.examples.manifest;

import java.util.Map;

/**
 * {@code $(VAR)} in commands, arguments and environment values: a known variable is replaced, an unknown one stays as it
 * is, {@code $$} is a dollar sign. Source: Kubernetes {@code third_party/forked/golang/expansion/expand.go}.
 */
public final class Expansion {
    private Expansion() {}

    /**
     * Expands a text.
     *
     * @param text the text
     * @param variables the known variables
     * @return the text with the references replaced
     */
    public static String expand(String text, Map<String, String> variables) {
        StringBuilder result = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '$' || at + 1 == text.length()) {
                result.append(c);
                at++;
                continue;
            }
            char next = text.charAt(at + 1);
            int end = next == '(' ? text.indexOf(')', at + 2) : -1;
            if (next == '$') {
                result.append('$');
                at += 2;
            } else if (end < 0) {
                result.append(c).append(next);
                at += 2;
            } else {
                String name = text.substring(at + 2, end);
                String value = variables.get(name);
                result.append(value == null ? "$(" + name + ")" : value);
                at = end + 1;
            }
        }
        return result.toString();
    }
}
