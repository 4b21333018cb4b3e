package io.podnet.netlink.libc;

/**
 * The C functions as jnr-ffi binds them. Every address and {@code size_t} is a {@code long}, every file descriptor and
 * flag an {@code int}: those signatures become direct native stubs (jnr-ffi's X86MethodGenerator), others are slower by
 * an order of magnitude. At most five arguments: a sixth arrives as garbage in jnr-ffi 2.3.4 on x86-64, since the stub
 * computes the wrong place for it on the stack.
 *
 * <p>Where {@link java.util.ServiceLoader} finds one implementation, {@link Libc} uses that instead of jnr-ffi's stub. Its
 * contract is the C library's: a failed call gives -1 and leaves its error number as the calling thread's last error, in
 * {@code jnr.ffi.Runtime.getSystemRuntime().setLastError(errno)}. Safe for any thread.
 */
public interface LibcFunctions {
    int socket(int domain, int type, int protocol);

    int bind(int fd, long address, int length);

    int getsockname(int fd, long address, long length);

    int setsockopt(int fd, int level, int option, long value, int length);

    int getsockopt(int fd, int level, int option, long value, long length);

    long send(int fd, long buffer, long length, int flags);

    long recv(int fd, long buffer, long length, int flags);

    long sendmsg(int fd, long message, int flags);

    long recvmsg(int fd, long message, int flags);

    int poll(long fds, long count, int timeoutMillis);

    int eventfd(int initial, int flags);

    int open(String path, int flags, int mode);

    int openat(int directory, String path, int flags, int mode);

    int close(int fd);

    long read(int fd, long buffer, long length);

    long write(int fd, long buffer, long length);

    int fstat(int fd, long stat);

    int fstatfs(int fd, long statfs);

    int ioctl(int fd, long request, long argument);

    int unshare(int flags);

    int setns(int fd, int type);

    int mount(String source, String target, String type, long flags, long data);

    int umount2(String target, int flags);

    int flock(int fd, int operation);

    int getpid();

    long syscall(long number, long a, long b, long c, long d);

    int statx(int directory, long path, int flags, int mask, long buffer);

    long pread(int fd, long buffer, long length, long offset);

    long pwrite(int fd, long buffer, long length, long offset);

    int sethostname(String name, long length);

    int fsync(int fd);

    int kill(int pid, int signal);

    long calloc(long count, long size);

    void free(long address);

    int listen(int fd, int backlog);

    int accept4(int fd, long address, long length, int flags);

    int recvmmsg(int fd, long messages, int count, int flags, long timeout);

    int sendmmsg(int fd, long messages, int count, int flags);

    int epoll_create1(int flags);

    int epoll_ctl(int epoll, int operation, int fd, long event);

    int epoll_wait(int epoll, long events, int count, int timeoutMillis);
}
