package io.podnet.netlink.socket;

import io.podnet.api.PodnetException;
import io.podnet.netlink.codec.AttributeReader;
import io.podnet.netlink.codec.LinuxNetlink;
import io.podnet.netlink.codec.MalformedMessageException;
import io.podnet.netlink.codec.MessageReader;
import io.podnet.netlink.libc.Errno;

/** Turns what the kernel answered into the exception that a caller can act on. */
final class Refusal {
    private static final int ERRNO_LENGTH = 4;

    private Refusal() {}

    /**
     * Chooses the kind of exception.
     *
     * @param operation what was tried
     * @param object on what
     * @param errno positive
     * @param text extended acknowledgement, or empty
     * @return the exception, not thrown
     */
    static PodnetException of(String operation, String object, int errno, String text) {
        String name = Errno.nameOf(errno);
        PodnetException.KernelRejected rejected =
                new PodnetException.KernelRejected(operation, object, errno, name, text);
        if (errno == Errno.EPERM.number() || errno == Errno.EACCES.number()) {
            return new PodnetException.PermissionDenied(
                    rejected.getMessage()
                            + "; run as root, or give the process CAP_NET_ADMIN (and CAP_SYS_ADMIN for namespaces) in the"
                            + " user namespace that owns the network namespace",
                    rejected);
        }
        if (errno == Errno.EXFULL.number()) {
            return new PodnetException.LimitReached(rejected.getMessage()
                    + "; a bridge has at most 1023 ports, so spread the links over several bridges");
        }
        if (isMissingFeature(errno, text)) {
            return new PodnetException.Unsupported(
                    rejected.getMessage()
                            + "; the running kernel lacks this feature or its module is not loaded, see its configuration"
                            + " and modprobe(8)",
                    rejected);
        }
        return rejected;
    }

    private static boolean isMissingFeature(int errno, String text) {
        return errno == Errno.EOPNOTSUPP.number()
                || errno == Errno.EPROTONOSUPPORT.number()
                || errno == Errno.EAFNOSUPPORT.number()
                // The texts of net/sched for a module that is not there.
                || text.contains("kind is unknown")
                || text.contains("classifier not found")
                || text.contains("Failed to load TC action module");
    }

    /**
     * Reads the error number of NLMSG_ERROR or NLMSG_DONE.
     *
     * @param message a message of one of the two types
     * @return positive error number, 0 for success or where a DONE has no payload
     */
    static int errnoOf(MessageReader message) {
        return message.payloadLength() < ERRNO_LENGTH ? 0 : -message.s32(0);
    }

    /**
     * Reads the extended acknowledgement.
     *
     * @param message NLMSG_ERROR or NLMSG_DONE
     * @return the kernel's words, empty where it gave none or they can not be read
     */
    static String textOf(MessageReader message) {
        if ((message.flags() & LinuxNetlink.NLM_F_ACK_TLVS) == 0) {
            return "";
        }
        try {
            return text(message.attributes(tlvOffset(message)));
        } catch (MalformedMessageException unreadable) {
            return "(extended acknowledgement is malformed: " + unreadable.getMessage() + ")";
        }
    }

    /** In NLMSG_ERROR the request is echoed before the attributes, whole or only its header; not in NLMSG_DONE. */
    private static int tlvOffset(MessageReader message) {
        if (message.type() == LinuxNetlink.NLMSG_DONE) {
            return ERRNO_LENGTH;
        }
        if ((message.flags() & LinuxNetlink.NLM_F_CAPPED) != 0) {
            return ERRNO_LENGTH + LinuxNetlink.NLMSG_HDRLEN;
        }
        int echoed = message.s32(ERRNO_LENGTH);
        if (echoed < LinuxNetlink.NLMSG_HDRLEN || echoed > message.payloadLength()) {
            throw new MalformedMessageException("echoed request says " + echoed + " bytes");
        }
        return ERRNO_LENGTH + LinuxNetlink.align(echoed);
    }

    private static String text(AttributeReader attributes) {
        StringBuilder text = new StringBuilder();
        while (attributes.next()) {
            switch (attributes.type()) {
                case LinuxNetlink.NLMSGERR_ATTR_MSG -> text.insert(0, attributes.string());
                case LinuxNetlink.NLMSGERR_ATTR_OFFS ->
                    text.append(" (attribute at byte ").append(attributes.u32()).append(" of the request)");
                case LinuxNetlink.NLMSGERR_ATTR_MISS_TYPE ->
                    text.append(" (missing attribute ").append(attributes.u32()).append(')');
                default -> {
                    // Cookies and policies help a debugger, not a user.
                }
            }
        }
        return text.toString();
    }
}
