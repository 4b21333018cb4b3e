package io.podnet.cni.spec;

/** What a plugin is asked to do, in {@code CNI_COMMAND}. */
public enum CniCommand {
    /** Attach a container to a network, or change an attachment further along a chain. */
    ADD,
    /** Undo ADD; succeeds where there is nothing left to undo. */
    DEL,
    /** Tell whether an attachment is still as ADD left it; since 0.4.0. */
    CHECK,
    /** Remove everything that belongs to no valid attachment; since 1.1.0. */
    GC,
    /** Tell whether ADD can be served; since 1.1.0. */
    STATUS,
    /** Tell the supported versions; since 0.2.0. */
    VERSION;

    /**
     * Tells whether the command is about one attachment, so that container id and interface name are needed.
     *
     * @return true for ADD, DEL and CHECK
     */
    public boolean isAboutAttachment() {
        return this == ADD || this == DEL || this == CHECK;
    }

    /**
     * Tells since when plugins understand the command.
     *
     * @return the first version that has it
     */
    public CniVersion since() {
        return switch (this) {
            case ADD, DEL -> CniVersion.V0_1_0;
            case VERSION -> CniVersion.V0_2_0;
            case CHECK -> CniVersion.V0_4_0;
            case GC, STATUS -> CniVersion.V1_1_0;
        };
    }
}
