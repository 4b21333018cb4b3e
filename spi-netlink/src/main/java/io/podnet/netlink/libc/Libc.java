package io.podnet.netlink.libc;

import io.podnet.api.PodnetException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * The C library with kernel-style results: zero or more is success, less is {@code -errno}. The library is loaded at
 * the first {@link #instance()}, which costs about 0.2 s once (jnr-ffi generates its stubs then), never in a static
 * initialiser that an embedder's class loading could hit by accident.
 *
 * <p>Stateless and safe for any thread. Calls that change the calling thread's namespaces belong to the namespace
 * threads alone.
 */
public final class Libc {
    private final LibcFunctions functions;
    private final Runtime runtime;

    private Libc(LibcFunctions functions) {
        this.functions = functions;
        this.runtime = Runtime.getSystemRuntime();
    }

    private static final class Holder {
        private static final Supplier<Libc> INSTANCE = load();

        /** A failure here would leave a class that says nothing but NoClassDefFoundError from the second call on. */
        private static Supplier<Libc> load() {
            try {
                Libc libc = new Libc(NativeLibrary.find(Libc.class.getClassLoader()));
                return () -> libc;
            } catch (PodnetException e) {
                return () -> {
                    throw new PodnetException.Unsupported(String.valueOf(e.getMessage()), e);
                };
            }
        }
    }

    /**
     * Gives the library, loading it on first use.
     *
     * @return the only instance
     * @throws PodnetException.Unsupported where it cannot be loaded
     */
    public static Libc instance() {
        return Holder.INSTANCE.get();
    }

    /**
     * Allocates off-heap memory in native byte order, zeroed. It lives as long as the buffer is reachable.
     *
     * @param size bytes, at least 1
     * @return a direct buffer at position 0
     */
    public static ByteBuffer allocate(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }

    /**
     * Gives a direct buffer's start address. Keep the buffer reachable while the address is in use.
     *
     * @param buffer a direct buffer at position 0, since jnr adds the position to the address
     * @return the address of its first byte
     */
    public long addressOf(ByteBuffer buffer) {
        if (!buffer.isDirect() || ((Buffer) buffer).position() != 0) {
            throw new IllegalArgumentException("a direct buffer at position 0 is needed");
        }
        return Pointer.wrap(runtime, buffer).address();
    }

    /** What the other classes of this room call. */
    LibcFunctions functions() {
        return functions;
    }

    int checked(int result) {
        return result < 0 ? -runtime.getLastError() : result;
    }

    private long checked(long result) {
        return result < 0 ? -runtime.getLastError() : result;
    }

    /**
     * socket(2).
     *
     * @param domain AF_*
     * @param type SOCK_* with flags
     * @param protocol protocol number
     * @return a file descriptor or -errno
     */
    public int socket(int domain, int type, int protocol) {
        return checked(functions.socket(domain, type, protocol));
    }

    /**
     * bind(2).
     *
     * @param fd socket
     * @param address address of a sockaddr
     * @param length its bytes
     * @return 0 or -errno
     */
    public int bind(int fd, long address, int length) {
        return checked(functions.bind(fd, address, length));
    }

    /**
     * getsockname(2).
     *
     * @param fd socket
     * @param address address of a sockaddr to fill
     * @param length address of a socklen_t, in and out
     * @return 0 or -errno
     */
    public int getsockname(int fd, long address, long length) {
        return checked(functions.getsockname(fd, address, length));
    }

    /**
     * setsockopt(2).
     *
     * @param fd socket
     * @param level SOL_*
     * @param option option number
     * @param value address of the value
     * @param length its bytes
     * @return 0 or -errno
     */
    public int setsockopt(int fd, int level, int option, long value, int length) {
        return checked(functions.setsockopt(fd, level, option, value, length));
    }

    /**
     * getsockopt(2).
     *
     * @param fd socket
     * @param level SOL_*, IPPROTO_*
     * @param option option number
     * @param value address to fill
     * @param length address of a socklen_t, in and out
     * @return 0 or -errno
     */
    public int getsockopt(int fd, int level, int option, long value, long length) {
        return checked(functions.getsockopt(fd, level, option, value, length));
    }

    /**
     * send(2). There is no sendto here: it has six arguments, one more than a jnr-ffi stub passes correctly.
     *
     * @param fd connected socket, or a netlink socket, which sends to the kernel then
     * @param buffer address of the bytes
     * @param length how many
     * @param flags MSG_*
     * @return bytes sent or -errno
     */
    public long send(int fd, long buffer, long length, int flags) {
        return checked(functions.send(fd, buffer, length, flags));
    }

    /**
     * recv(2). With MSG_TRUNC the result is the datagram's true length. For the sender's address use recvmsg.
     *
     * @param fd socket
     * @param buffer address to fill
     * @param length room there
     * @param flags MSG_*
     * @return bytes received or -errno
     */
    public long recv(int fd, long buffer, long length, int flags) {
        return checked(functions.recv(fd, buffer, length, flags));
    }

    /**
     * sendmsg(2).
     *
     * @param fd socket
     * @param message address of a msghdr
     * @param flags MSG_*
     * @return bytes sent or -errno
     */
    public long sendmsg(int fd, long message, int flags) {
        return checked(functions.sendmsg(fd, message, flags));
    }

    /**
     * recvmsg(2).
     *
     * @param fd socket
     * @param message address of a msghdr
     * @param flags MSG_*
     * @return bytes received or -errno
     */
    public long recvmsg(int fd, long message, int flags) {
        return checked(functions.recvmsg(fd, message, flags));
    }

    /**
     * poll(2).
     *
     * @param fds address of pollfd structs
     * @param count how many
     * @param timeoutMillis milliseconds, -1 for no bound
     * @return how many are ready, 0 after the time, or -errno
     */
    public int poll(long fds, long count, int timeoutMillis) {
        return checked(functions.poll(fds, count, timeoutMillis));
    }

    /**
     * eventfd(2).
     *
     * @param initial first value
     * @param flags EFD_*
     * @return a file descriptor or -errno
     */
    public int eventfd(int initial, int flags) {
        return checked(functions.eventfd(initial, flags));
    }

    /**
     * open(2).
     *
     * @param path path, without NUL
     * @param flags O_*
     * @param mode permission bits for O_CREAT
     * @return a file descriptor or -errno
     */
    public int open(String path, int flags, int mode) {
        return checked(functions.open(path, flags, mode));
    }

    /**
     * openat(2).
     *
     * @param directory directory descriptor or AT_FDCWD
     * @param path path, without NUL
     * @param flags O_*
     * @param mode permission bits for O_CREAT
     * @return a file descriptor or -errno
     */
    public int openat(int directory, String path, int flags, int mode) {
        return checked(functions.openat(directory, path, flags, mode));
    }

    /**
     * close(2).
     *
     * @param fd descriptor
     * @return 0 or -errno
     */
    public int close(int fd) {
        return checked(functions.close(fd));
    }

    /**
     * read(2).
     *
     * @param fd descriptor
     * @param buffer address to fill
     * @param length room there
     * @return bytes read, 0 at the end, or -errno
     */
    public long read(int fd, long buffer, long length) {
        return checked(functions.read(fd, buffer, length));
    }

    /**
     * write(2).
     *
     * @param fd descriptor
     * @param buffer address of the bytes
     * @param length how many
     * @return bytes written or -errno
     */
    public long write(int fd, long buffer, long length) {
        return checked(functions.write(fd, buffer, length));
    }

    /**
     * fstat(2).
     *
     * @param fd descriptor
     * @param stat address of a struct stat to fill
     * @return 0 or -errno
     */
    public int fstat(int fd, long stat) {
        return checked(functions.fstat(fd, stat));
    }

    /**
     * fstatfs(2).
     *
     * @param fd descriptor
     * @param statfs address of a struct statfs to fill
     * @return 0 or -errno
     */
    public int fstatfs(int fd, long statfs) {
        return checked(functions.fstatfs(fd, statfs));
    }

    /**
     * ioctl(2) with a pointer-sized argument.
     *
     * @param fd descriptor
     * @param request request number
     * @param argument value or address
     * @return 0 or more, or -errno
     */
    public int ioctl(int fd, long request, long argument) {
        return checked(functions.ioctl(fd, request, argument));
    }

    /**
     * unshare(2), for the calling thread.
     *
     * @param flags CLONE_NEW*
     * @return 0 or -errno
     */
    public int unshare(int flags) {
        return checked(functions.unshare(flags));
    }

    /**
     * setns(2), for the calling thread.
     *
     * @param fd a namespace
     * @param type CLONE_NEW*, or 0 for any
     * @return 0 or -errno
     */
    public int setns(int fd, int type) {
        return checked(functions.setns(fd, type));
    }

    /**
     * mount(2) without data.
     *
     * @param source source
     * @param target mount point
     * @param type file system type, ignored for MS_BIND
     * @param flags MS_*
     * @return 0 or -errno
     */
    public int mount(String source, String target, String type, long flags) {
        return checked(functions.mount(source, target, type, flags, 0));
    }

    /**
     * umount2(2).
     *
     * @param target mount point
     * @param flags MNT_*, UMOUNT_*
     * @return 0 or -errno
     */
    public int umount2(String target, int flags) {
        return checked(functions.umount2(target, flags));
    }

    /**
     * flock(2).
     *
     * @param fd descriptor
     * @param operation LOCK_*
     * @return 0 or -errno
     */
    public int flock(int fd, int operation) {
        return checked(functions.flock(fd, operation));
    }

    /**
     * getpid(2).
     *
     * @return this process's id in its pid namespace
     */
    public int getpid() {
        return functions.getpid();
    }

    /**
     * syscall(2) with up to four arguments, all that a jnr-ffi stub passes correctly besides the number.
     *
     * @param number system call number
     * @param a first argument
     * @param b second argument
     * @param c third argument
     * @param d fourth argument
     * @return its result or -errno
     */
    public long syscall(long number, long a, long b, long c, long d) {
        return checked(functions.syscall(number, a, b, c, d));
    }

    /**
     * statx(2), chosen over fstat and fstatat because its struct looks the same on every architecture.
     *
     * @param directory directory descriptor or AT_FDCWD
     * @param path address of a NUL-terminated path, empty together with AT_EMPTY_PATH
     * @param flags AT_*
     * @param mask STATX_*
     * @param buffer address of a struct statx (256 bytes) to fill
     * @return 0 or -errno
     */
    public int statx(int directory, long path, int flags, int mask, long buffer) {
        return checked(functions.statx(directory, path, flags, mask, buffer));
    }

    /**
     * pread(2).
     *
     * @param fd descriptor
     * @param buffer address to fill
     * @param length room there
     * @param offset position in the file
     * @return bytes read, 0 at the end, or -errno
     */
    public long pread(int fd, long buffer, long length, long offset) {
        return checked(functions.pread(fd, buffer, length, offset));
    }

    /**
     * pwrite(2).
     *
     * @param fd descriptor
     * @param buffer address of the bytes
     * @param length how many
     * @param offset position in the file
     * @return bytes written or -errno
     */
    public long pwrite(int fd, long buffer, long length, long offset) {
        return checked(functions.pwrite(fd, buffer, length, offset));
    }

    /**
     * sethostname(2), for the uts namespace of the calling thread.
     *
     * @param name the name, without NUL, at most 64 bytes
     * @param length its bytes
     * @return 0 or -errno
     */
    public int sethostname(String name, long length) {
        return checked(functions.sethostname(name, length));
    }

    /**
     * mount(2) with data.
     *
     * @param source source
     * @param target mount point
     * @param type file system type
     * @param flags MS_*
     * @param data the file system's own options, ASCII without NUL, for example {@code size=64m}
     * @return 0 or -errno
     */
    public int mountWithData(String source, String target, String type, long flags, String data) {
        ByteBuffer bytes = allocate(data.length() + 1);
        for (int i = 0; i < data.length(); i++) {
            bytes.put(i, (byte) data.charAt(i));
        }
        try {
            return checked(functions.mount(source, target, type, flags, addressOf(bytes)));
        } finally {
            java.lang.ref.Reference.reachabilityFence(bytes);
        }
    }

    /**
     * fsync(2).
     *
     * @param fd descriptor
     * @return 0 or -errno
     */
    public int fsync(int fd) {
        return checked(functions.fsync(fd));
    }

    NativeMemory memory(long bytes) {
        return new NativeMemory(functions, runtime, bytes);
    }
}
