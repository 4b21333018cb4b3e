package io.podnet.api;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * The grammars that names are checked against before they become part of a path, a link or a rule. Sources: Kubernetes
 * apimachinery {@code pkg/util/validation/validation.go}; CNI SPEC.md section 2 (parameters); the kernel's
 * {@code dev_valid_name} in net/core/dev.c and {@code sysctl_dev_name_is_allowed} in include/linux/netdevice.h.
 */
@API(status = API.Status.STABLE, since = "0.1")
public final class Names {
    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern DNS_SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    // At least one letter, no two '-' beside each other: Kubernetes' IsValidPortName over RFC 6335 section 5.1.
    private static final Pattern PORT_NAME =
            Pattern.compile("(?=.{1,15}$)(?=.*[a-z])(?!.*--)[a-z0-9]([a-z0-9-]*[a-z0-9])?");
    private static final Pattern CNI_ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.\\-]*");
    private static final int IFNAMSIZ = 16;
    // The kernel has directories of these names beside the interfaces' own, below /proc/sys/net/ipv4/conf.
    private static final Set<String> OF_SYSCTLS = Set.of("all", "default");

    private Names() {}

    /**
     * Checks an RFC 1123 label, as a Kubernetes namespace is one.
     *
     * @param what what the name names, for the message
     * @param name the name
     * @return the name
     * @throws PodnetException.Invalid where it is none
     */
    public static String dnsLabel(String what, String name) {
        if (!DNS_LABEL.matcher(name).matches()) {
            throw new PodnetException.Invalid(what + " '" + shown(name)
                    + "' is not a DNS label: 1 to 63 lower-case letters, digits or '-', not at either end");
        }
        return name;
    }

    /**
     * Checks an RFC 1123 subdomain, as a Kubernetes pod or node name is one.
     *
     * @param what what the name names, for the message
     * @param name the name
     * @return the name
     * @throws PodnetException.Invalid where it is none
     */
    public static String dnsSubdomain(String what, String name) {
        if (name.length() > 253 || !DNS_SUBDOMAIN.matcher(name).matches()) {
            throw new PodnetException.Invalid(what + " '" + shown(name)
                    + "' is not a DNS subdomain: up to 253 lower-case letters, digits, '-' or '.', each part starting and"
                    + " ending with a letter or digit");
        }
        return name;
    }

    /**
     * Checks a container port's name: an IANA service name.
     *
     * @param what what the name names, for the message
     * @param name the name
     * @return the name
     * @throws PodnetException.Invalid where it is none
     */
    public static String portName(String what, String name) {
        if (!PORT_NAME.matcher(name).matches()) {
            throw new PodnetException.Invalid(what + " '" + shown(name)
                    + "' is not a port name: 1 to 15 lower-case letters, digits or single '-', at least one letter, no '-'"
                    + " at either end");
        }
        return name;
    }

    /**
     * Checks a CNI container id or network name.
     *
     * @param what what the name names, for the message
     * @param name the name
     * @return the name
     * @throws PodnetException.Invalid where it is none
     */
    public static String cniId(String what, String name) {
        if (name.length() > 200 || !CNI_ID.matcher(name).matches()) {
            throw new PodnetException.Invalid(what + " '" + shown(name)
                    + "' is not a valid id: it starts with a letter or digit, then letters, digits, '_', '.', '-'");
        }
        return name;
    }

    /**
     * Checks an interface name: 1 to 15 characters, not {@code .} or {@code ..}, no {@code /}, no {@code :}, no white
     * space or control character, no leading {@code -}, and not {@code all} or {@code default}.
     *
     * @param name the name
     * @return the name
     * @throws PodnetException.Invalid where it is none
     */
    public static String interfaceName(String name) {
        if (name.length() >= IFNAMSIZ) {
            throw new PodnetException.Invalid("interface name '" + shown(name) + "' has " + name.length()
                    + " characters, the kernel takes at most 15; choose a shorter one");
        }
        if (OF_SYSCTLS.contains(name)) {
            throw new PodnetException.Invalid("interface name '" + name
                    + "' is what the kernel calls the settings of all interfaces; choose another one");
        }
        boolean valid = !name.isEmpty() && !name.equals(".") && !name.equals("..") && name.charAt(0) != '-';
        for (int i = 0; valid && i < name.length(); i++) {
            char c = name.charAt(i);
            valid = c > ' ' && c < 127 && c != '/' && c != ':' && c != '%';
        }
        if (!valid) {
            throw new PodnetException.Invalid(
                    "interface name '" + shown(name)
                            + "' is not valid: printable ASCII without '/', ':', '%' and blanks, not '.', '..' or a leading '-'");
        }
        return name;
    }

    private static String shown(String name) {
        String printable = name.replaceAll("[^ -~]", "?");
        return printable.length() > 80 ? printable.substring(0, 80) + "..." : printable;
    }
}
