package io.podnet.netlink.libc;

/**
 * Flags of open(2) and openat(2). Some differ between architectures: include/uapi/asm-generic/fcntl.h,
 * arch/arm64/include/uapi/asm/fcntl.h.
 */
public final class OpenFlags {
    private static final boolean ARM64 = "aarch64".equals(System.getProperty("os.arch"));

    /** Read only. */
    public static final int O_RDONLY = 0;
    /** Write only. */
    public static final int O_WRONLY = 1;
    /** Read and write. */
    public static final int O_RDWR = 2;
    /** Make the file where it is missing. */
    public static final int O_CREAT = 0x40;

    /** Refuse a file that is there. */
    public static final int O_EXCL = 0x80;

    /** Empty the file. */
    public static final int O_TRUNC = 0x200;

    /** Close on exec; always given. */
    public static final int O_CLOEXEC = 0x80000;
    /** A handle on the place in the tree only: opening does not reach the file itself. */
    public static final int O_PATH = 0x200000;
    /** Directories only. */
    public static final int O_DIRECTORY = ARM64 ? 0x4000 : 0x10000;
    /** No symbolic link as the last element. */
    public static final int O_NOFOLLOW = ARM64 ? 0x8000 : 0x20000;

    private OpenFlags() {}
}
