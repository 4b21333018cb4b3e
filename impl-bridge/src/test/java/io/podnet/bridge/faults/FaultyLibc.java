package io.podnet.bridge.faults;

import io.podnet.netlink.libc.LibcFunctions;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;

/**
 * The C library, with failures and sudden ends where {@link Faults} wants them. A failed call has no effect, except
 * close(2), which frees the descriptor on Linux whatever it answers. Not counted: getpid(2), which cannot fail.
 */
public final class FaultyLibc implements LibcFunctions {
    private static final int SIGKILL = 9;
    private static final LibcFunctions REAL =
            LibraryLoader.create(LibcFunctions.class).load("c");
    private static final Signals SIGNALS = LibraryLoader.create(Signals.class).load("c");

    /** Public because the stub class is generated in another class loader. */
    public interface Signals {
        int kill(int pid, int signal);
    }

    /** For ServiceLoader. */
    public FaultyLibc() {}

    static void killThisProcess() {
        SIGNALS.kill(REAL.getpid(), SIGKILL);
        throw new AssertionError("SIGKILL did not kill");
    }

    private static boolean fails(String call) {
        int errno = Faults.strike(call);
        if (errno != 0) {
            Runtime.getSystemRuntime().setLastError(errno);
        }
        return errno != 0;
    }

    @Override
    public int socket(int domain, int type, int protocol) {
        return fails("socket") ? -1 : REAL.socket(domain, type, protocol);
    }

    @Override
    public int bind(int fd, long address, int length) {
        return fails("bind") ? -1 : REAL.bind(fd, address, length);
    }

    @Override
    public int getsockname(int fd, long address, long length) {
        return fails("getsockname") ? -1 : REAL.getsockname(fd, address, length);
    }

    @Override
    public int setsockopt(int fd, int level, int option, long value, int length) {
        return fails("setsockopt") ? -1 : REAL.setsockopt(fd, level, option, value, length);
    }

    @Override
    public int getsockopt(int fd, int level, int option, long value, long length) {
        return fails("getsockopt") ? -1 : REAL.getsockopt(fd, level, option, value, length);
    }

    @Override
    public long send(int fd, long buffer, long length, int flags) {
        return fails("send") ? -1 : REAL.send(fd, buffer, length, flags);
    }

    @Override
    public long recv(int fd, long buffer, long length, int flags) {
        return fails("recv") ? -1 : REAL.recv(fd, buffer, length, flags);
    }

    @Override
    public long sendmsg(int fd, long message, int flags) {
        return fails("sendmsg") ? -1 : REAL.sendmsg(fd, message, flags);
    }

    @Override
    public long recvmsg(int fd, long message, int flags) {
        return fails("recvmsg") ? -1 : REAL.recvmsg(fd, message, flags);
    }

    @Override
    public int poll(long fds, long count, int timeoutMillis) {
        return fails("poll") ? -1 : REAL.poll(fds, count, timeoutMillis);
    }

    @Override
    public int eventfd(int initial, int flags) {
        return fails("eventfd") ? -1 : REAL.eventfd(initial, flags);
    }

    @Override
    public int open(String path, int flags, int mode) {
        return fails("open " + path) ? -1 : REAL.open(path, flags, mode);
    }

    @Override
    public int openat(int directory, String path, int flags, int mode) {
        return fails("openat " + path) ? -1 : REAL.openat(directory, path, flags, mode);
    }

    @Override
    public int close(int fd) {
        if (fails("close")) {
            int errno = Runtime.getSystemRuntime().getLastError();
            REAL.close(fd);
            Runtime.getSystemRuntime().setLastError(errno);
            return -1;
        }
        return REAL.close(fd);
    }

    @Override
    public long read(int fd, long buffer, long length) {
        return fails("read") ? -1 : REAL.read(fd, buffer, length);
    }

    @Override
    public long write(int fd, long buffer, long length) {
        return fails("write") ? -1 : REAL.write(fd, buffer, length);
    }

    @Override
    public int fstat(int fd, long stat) {
        return fails("fstat") ? -1 : REAL.fstat(fd, stat);
    }

    @Override
    public int fstatfs(int fd, long statfs) {
        return fails("fstatfs") ? -1 : REAL.fstatfs(fd, statfs);
    }

    @Override
    public int ioctl(int fd, long request, long argument) {
        return fails("ioctl") ? -1 : REAL.ioctl(fd, request, argument);
    }

    @Override
    public int unshare(int flags) {
        return fails("unshare") ? -1 : REAL.unshare(flags);
    }

    @Override
    public int setns(int fd, int type) {
        return fails("setns") ? -1 : REAL.setns(fd, type);
    }

    @Override
    public int mount(String source, String target, String type, long flags, long data) {
        return fails("mount " + target) ? -1 : REAL.mount(source, target, type, flags, data);
    }

    @Override
    public int umount2(String target, int flags) {
        return fails("umount2 " + target) ? -1 : REAL.umount2(target, flags);
    }

    @Override
    public int flock(int fd, int operation) {
        return fails("flock") ? -1 : REAL.flock(fd, operation);
    }

    @Override
    public int getpid() {
        return REAL.getpid();
    }

    @Override
    public long syscall(long number, long a, long b, long c, long d) {
        return fails("syscall " + number) ? -1 : REAL.syscall(number, a, b, c, d);
    }

    @Override
    public int statx(int directory, long path, int flags, int mask, long buffer) {
        return fails("statx") ? -1 : REAL.statx(directory, path, flags, mask, buffer);
    }

    @Override
    public long pread(int fd, long buffer, long length, long offset) {
        return fails("pread") ? -1 : REAL.pread(fd, buffer, length, offset);
    }

    @Override
    public long pwrite(int fd, long buffer, long length, long offset) {
        return fails("pwrite") ? -1 : REAL.pwrite(fd, buffer, length, offset);
    }

    @Override
    public int sethostname(String name, long length) {
        return fails("sethostname") ? -1 : REAL.sethostname(name, length);
    }

    @Override
    public int fsync(int fd) {
        return fails("fsync") ? -1 : REAL.fsync(fd);
    }

    @Override
    public int kill(int pid, int signal) {
        return fails("kill") ? -1 : REAL.kill(pid, signal);
    }

    @Override
    public long calloc(long count, long size) {
        return fails("calloc") ? 0 : REAL.calloc(count, size);
    }

    @Override
    public void free(long address) {
        REAL.free(address);
    }

    @Override
    public int listen(int fd, int backlog) {
        return fails("listen") ? -1 : REAL.listen(fd, backlog);
    }

    @Override
    public int accept4(int fd, long address, long length, int flags) {
        return fails("accept4") ? -1 : REAL.accept4(fd, address, length, flags);
    }

    @Override
    public int recvmmsg(int fd, long messages, int count, int flags, long timeout) {
        return fails("recvmmsg") ? -1 : REAL.recvmmsg(fd, messages, count, flags, timeout);
    }

    @Override
    public int sendmmsg(int fd, long messages, int count, int flags) {
        return fails("sendmmsg") ? -1 : REAL.sendmmsg(fd, messages, count, flags);
    }

    @Override
    public int epoll_create1(int flags) {
        return fails("epoll_create1") ? -1 : REAL.epoll_create1(flags);
    }

    @Override
    public int epoll_ctl(int epoll, int operation, int fd, long event) {
        return fails("epoll_ctl") ? -1 : REAL.epoll_ctl(epoll, operation, fd, event);
    }

    @Override
    public int epoll_wait(int epoll, long events, int count, int timeoutMillis) {
        return fails("epoll_wait") ? -1 : REAL.epoll_wait(epoll, events, count, timeoutMillis);
    }
}
