package io.podnet.cni.spec;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The grammars of SPEC.md sections 1 and 2. All four become parts of paths somewhere, so nothing goes further unchecked
 * (CVE-2021-20206).
 */
public final class CniNames {
    private static final Pattern ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.\\-]*");
    private static final Pattern TYPE = Pattern.compile("[a-zA-Z0-9_.][a-zA-Z0-9_.\\-+]*");

    // A file name has at most 255 bytes, and these are joined with others to one.
    private static final int LONGEST_ID = 200;
    private static final int LONGEST_TYPE = 100;
    private static final int IFNAMSIZ = 16;

    private CniNames() {}

    /**
     * Checks a container id.
     *
     * @param id the id
     * @return the id
     * @throws CniException with code 4 where it is none
     */
    public static String containerId(String id) {
        if (id.length() > LONGEST_ID || !ID.matcher(id).matches()) {
            throw new CniException(
                    CniError.INVALID_ENVIRONMENT,
                    "container id '" + shown(id) + "' is not valid",
                    "up to " + LONGEST_ID + " characters: a letter or digit, then letters, digits, '_', '.', '-'");
        }
        return id;
    }

    /**
     * Checks a network's name.
     *
     * @param name the name
     * @return the name
     * @throws CniException with code 7 where it is none
     */
    public static String networkName(String name) {
        if (name.length() > LONGEST_ID || !ID.matcher(name).matches()) {
            throw new CniException(
                    CniError.INVALID_CONFIGURATION,
                    "network name '" + shown(name) + "' is not valid",
                    "up to " + LONGEST_ID + " characters: a letter or digit, then letters, digits, '_', '.', '-'");
        }
        return name;
    }

    /**
     * Checks an interface's name: 1 to 15 bytes, not {@code .} or {@code ..}, no {@code /}, {@code :}, white space or control
     * character.
     *
     * @param name the name
     * @return the name
     * @throws CniException with code 4 where it is none
     */
    public static String interfaceName(String name) {
        boolean valid = !name.isEmpty()
                && name.getBytes(StandardCharsets.UTF_8).length < IFNAMSIZ
                && !name.equals(".")
                && !name.equals("..")
                && name.chars()
                        .noneMatch(c -> c == '/'
                                || c == ':'
                                || Character.isWhitespace(c)
                                || Character.isSpaceChar(c)
                                || Character.isISOControl(c));
        if (!valid) {
            throw new CniException(
                    CniError.INVALID_ENVIRONMENT,
                    "interface name '" + shown(name) + "' is not valid",
                    "1 to 15 bytes without '/', ':' and white space, not '.' or '..'");
        }
        return name;
    }

    /**
     * Checks a plugin's type, which names an executable in the search path.
     *
     * @param type the type
     * @return the type
     * @throws CniException with code 7 where it is none, above all where it has a separator
     */
    public static String pluginType(String type) {
        if (type.length() > LONGEST_TYPE || !TYPE.matcher(type).matches() || type.equals(".") || type.equals("..")) {
            throw new CniException(
                    CniError.INVALID_CONFIGURATION,
                    "plugin type '" + shown(type) + "' is not valid",
                    "it is the file name of an executable: letters, digits, '_', '.', '-', '+', no separator");
        }
        return type;
    }

    /**
     * Makes an untrusted text fit for a message.
     *
     * @param text any text
     * @return its start, with {@code ?} for what cannot be printed
     */
    public static String shown(String text) {
        String start = text.length() > 64 ? text.substring(0, 64) + "..." : text;
        return start.replaceAll("[^ -~]", "?");
    }
}
