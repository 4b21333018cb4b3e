/*
 * podnet-cni: the executable that a container runtime starts as a CNI plugin. It carries one call to the Podnet that is
 * resident on this machine and brings its answer back; it knows nothing of networks itself. No libc and no memory
 * allocation, so that it starts in well under a millisecond and runs wherever the kernel does.
 *
 * What it does, in order:
 *   - no CNI_COMMAND: says what it is (as the reference's skeleton, pkg/skel/skel.go);
 *   - VERSION: answers by itself, whoever is or is not there;
 *   - anything else: sends the CNI_* environment, the configuration from standard input and two descriptors, the network
 *     namespace of its own and that of the container (a path would mean something else in the daemon's mount namespace),
 *     over the daemon's socket; copies the answer to standard output and ends with the answer's code;
 *   - the daemon is not there: a DEL is written to the journal, which the daemon works off when it starts; any other call
 *     becomes a call of the stand-alone program.
 *
 * Where all that is stands in a file beside the executable, its name with ".conf" behind it, one setting on a line:
 *   socket PATH   the daemon's socket; the configuration's key "podnetSocket" says another one
 *   state PATH    the state directory, with the journal in "pending"
 *   run WORD      the stand-alone program and its arguments, one on each line
 */

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long u64;
typedef long s64;

/* ---- the kernel ---- */

#if defined(__x86_64__)
enum {
    NR_read = 0, NR_write = 1, NR_close = 3, NR_lseek = 8, NR_getpid = 39, NR_socket = 41, NR_connect = 42,
    NR_sendmsg = 46, NR_setsockopt = 54, NR_getsockopt = 55, NR_execve = 59, NR_fsync = 74, NR_geteuid = 107,
    NR_exit_group = 231, NR_openat = 257, NR_unlinkat = 263, NR_renameat = 264, NR_readlinkat = 267, NR_dup3 = 292,
    NR_memfd_create = 319
};
enum { O_DIRECTORY = 0200000, O_NOFOLLOW = 0400000 };
static s64 syscall5(s64 n, s64 a, s64 b, s64 c, s64 d, s64 e) {
    s64 result;
    register s64 r10 __asm__("r10") = d;
    register s64 r8 __asm__("r8") = e;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
                     : "rcx", "r11", "memory");
    return result;
}
__asm__(".globl _start\n_start:\n\txor %ebp,%ebp\n\tmov %rsp,%rdi\n\tand $-16,%rsp\n\tcall begin\n\thlt\n");
#elif defined(__aarch64__)
enum {
    NR_dup3 = 24, NR_unlinkat = 35, NR_renameat = 38, NR_openat = 56, NR_close = 57, NR_lseek = 62, NR_read = 63,
    NR_write = 64, NR_readlinkat = 78, NR_fsync = 82, NR_exit_group = 94, NR_getpid = 172, NR_geteuid = 175,
    NR_socket = 198, NR_connect = 203, NR_setsockopt = 208, NR_getsockopt = 209, NR_sendmsg = 211, NR_execve = 221,
    NR_memfd_create = 279
};
enum { O_DIRECTORY = 040000, O_NOFOLLOW = 0100000 };
static s64 syscall5(s64 n, s64 a, s64 b, s64 c, s64 d, s64 e) {
    register s64 x8 __asm__("x8") = n;
    register s64 x0 __asm__("x0") = a;
    register s64 x1 __asm__("x1") = b;
    register s64 x2 __asm__("x2") = c;
    register s64 x3 __asm__("x3") = d;
    register s64 x4 __asm__("x4") = e;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
    return x0;
}
__asm__(".globl _start\n_start:\n\tmov x29,#0\n\tmov x0,sp\n\tand sp,x0,#-16\n\tb begin\n");
#else
#error "podnet-cni is written for x86-64 and aarch64"
#endif

enum {
    AT_FDCWD = -100, O_RDONLY = 0, O_WRONLY = 1, O_CREAT = 0100, O_EXCL = 0200, O_CLOEXEC = 02000000,
    O_PATH = 010000000, AF_UNIX = 1, SOCK_STREAM = 1, SOCK_CLOEXEC = 02000000, SOL_SOCKET = 1, SO_PEERCRED = 17,
    SO_RCVTIMEO = 20, SO_SNDTIMEO = 21, SCM_RIGHTS = 1, MSG_NOSIGNAL = 0x4000, EINTR = 4, ENOENT = 2, ENOTDIR = 20,
    ECONNREFUSED = 111
};

#define CALL(n, a, b, c) syscall5((n), (s64)(a), (s64)(b), (s64)(c), 0, 0)

/* ---- limits ---- */

enum {
    MOST_STDIN = 1 << 20,
    MOST_ENV = 64 << 10,
    MOST_CONF = 32 << 10,
    MOST_WORDS = 64,
    MOST_ANSWER = 1 << 20,
    MOST_PATH = 4096,
    SOCKET_PATH = 108,
    /* A runtime gives up after minutes; a daemon that works answers in milliseconds. */
    ANSWER_SECONDS = 110,
    SEND_SECONDS = 20
};

/* Error codes of CNI's SPEC.md, section "Error". */
enum { CODE_ENVIRONMENT = 4, CODE_IO = 5, CODE_CONFIG = 7, CODE_TRY_AGAIN = 11 };

/* Request and answer: a header in native byte order, then bytes. */
struct request {
    u8 magic[4];
    u32 env;
    u32 config;
    u32 descriptors; /* bit 0: the caller's namespace, bit 1: the container's */
};
struct answer {
    u8 magic[4];
    u32 code;
    u32 output;
};

static u8 config[MOST_STDIN + 1];
static u8 answer_bytes[64 << 10];
static char environment[MOST_ENV];
static char conf[MOST_CONF + 1];
static char path_a[MOST_PATH];
static char path_b[MOST_PATH];
static char socket_path[SOCKET_PATH];
static char *words[MOST_WORDS + 1];

static u64 config_length;
static u64 environment_length;
static char *state_directory;
static int word_count;

/* gcc may ask for these even where nobody called them. */
void *memset(void *to, int value, u64 n) {
    for (volatile u8 *p = to; n > 0; n--) {
        *p++ = (u8)value;
    }
    return to;
}

void *memcpy(void *to, const void *from, u64 n) {
    volatile u8 *p = to;
    for (const u8 *q = from; n > 0; n--) {
        *p++ = *q++;
    }
    return to;
}

static u64 length(const char *text) {
    u64 n = 0;
    while (text[n] != 0) {
        n++;
    }
    return n;
}

static int equal(const char *a, const char *b) {
    while (*a != 0 && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

/* What stands behind a prefix, or null. */
static char *after(char *text, const char *prefix) {
    while (*prefix != 0) {
        if (*text++ != *prefix++) {
            return 0;
        }
    }
    return text;
}

__attribute__((noreturn)) static void end(int code) {
    for (;;) {
        CALL(NR_exit_group, code, 0, 0);
    }
}

/* Writes all of it; 0, or what the kernel answered. */
static s64 write_all(int fd, const void *bytes, u64 n) {
    const u8 *p = bytes;
    while (n > 0) {
        s64 done = CALL(NR_write, fd, p, n);
        if (done == -EINTR) {
            continue;
        }
        if (done <= 0) {
            return done < 0 ? done : -CODE_IO;
        }
        p += done;
        n -= (u64)done;
    }
    return 0;
}

static void say(int fd, const char *text) {
    write_all(fd, text, length(text));
}

static void say_number(int fd, u64 number) {
    char digits[24];
    int i = sizeof digits;
    do {
        digits[--i] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    write_all(fd, digits + i, sizeof digits - (u64)i);
}

/* A path as the inside of a JSON string. */
static void say_quoted(int fd, const char *text) {
    for (; *text != 0; text++) {
        u8 c = (u8)*text;
        char plain = c < ' ' || c == '"' || c == '\\' || c > '~' ? '?' : (char)c;
        write_all(fd, &plain, 1);
    }
}

/* CNI has its errors on standard output. */
__attribute__((noreturn)) static void fail(int code, const char *what, const char *object, s64 errno, const char *remedy) {
    say(1, "{\"cniVersion\":\"1.1.0\",\"code\":");
    say_number(1, (u64)code);
    say(1, ",\"msg\":\"podnet-cni: ");
    say(1, what);
    say_quoted(1, object);
    if (errno < 0) {
        say(1, " (errno ");
        say_number(1, (u64)-errno);
        say(1, ")");
    }
    say(1, "\",\"details\":\"");
    say(1, remedy);
    say(1, "\"}\n");
    end(1);
}

/* ---- what came in ---- */

static char *variable(char **envp, const char *name) {
    for (; *envp != 0; envp++) {
        char *rest = after(*envp, name);
        if (rest != 0 && *rest == '=') {
            return rest + 1;
        }
    }
    return 0;
}

static void collect_environment(char **envp) {
    for (; *envp != 0; envp++) {
        if (after(*envp, "CNI_") == 0) {
            continue;
        }
        u64 n = length(*envp) + 1;
        if (environment_length + n > MOST_ENV) {
            fail(CODE_ENVIRONMENT, "the CNI_* variables are longer than 64 KiB", "", 0, "shorten CNI_ARGS");
        }
        memcpy(environment + environment_length, *envp, n);
        environment_length += n;
    }
}

static void read_config(void) {
    for (;;) {
        s64 n = CALL(NR_read, 0, config + config_length, sizeof config - config_length);
        if (n == -EINTR) {
            continue;
        }
        if (n < 0) {
            fail(CODE_IO, "standard input cannot be read", "", n, "");
        }
        if (n == 0) {
            return;
        }
        config_length += (u64)n;
        if (config_length > MOST_STDIN) {
            fail(CODE_CONFIG, "the configuration is longer than 1 MiB", "", 0, "");
        }
    }
}

static u64 end_of_string(u64 i) {
    for (; i < config_length && config[i] != '"'; i++) {
        if (config[i] == '\\') {
            i++;
        }
    }
    return i;
}

static u64 skip_space(u64 i) {
    while (i < config_length && (config[i] == ' ' || config[i] == '\t' || config[i] == '\n' || config[i] == '\r')) {
        i++;
    }
    return i;
}

/* The configuration's own "podnetSocket", at its top level and without escapes. Whether it is JSON at all the daemon says. */
static void find_socket(void) {
    const char *key = "podnetSocket";
    u64 key_length = length(key);
    int depth = 0;
    for (u64 i = 0; i < config_length; i++) {
        u8 c = config[i];
        if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            depth--;
        } else if (c == '"') {
            u64 start = i + 1;
            i = end_of_string(start);
            u64 j = skip_space(i + 1);
            if (depth != 1 || i - start != key_length || j >= config_length || config[j] != ':') {
                continue;
            }
            for (u64 k = 0; k < key_length; k++) {
                if (config[start + k] != (u8)key[k]) {
                    goto other;
                }
            }
            start = skip_space(j + 1);
            if (start >= config_length || config[start] != '"') {
                continue;
            }
            u64 stop = end_of_string(++start);
            if (config[start] != '/' || stop - start >= SOCKET_PATH) {
                fail(CODE_CONFIG, "podnetSocket is no absolute path of up to 107 bytes", "", 0, "");
            }
            memcpy(socket_path, config + start, stop - start);
            socket_path[stop - start] = 0;
            i = stop;
        other:;
        }
    }
}

/* ---- the file beside the executable ---- */

static void apply(char *line) {
    char *value;
    if ((value = after(line, "socket ")) != 0) {
        u64 n = length(value);
        if (n >= SOCKET_PATH) {
            fail(CODE_CONFIG, "the socket's path has more than 107 bytes: ", value, 0, "");
        }
        memcpy(socket_path, value, n + 1);
    } else if ((value = after(line, "state ")) != 0) {
        state_directory = value;
    } else if ((value = after(line, "run ")) != 0) {
        if (word_count == MOST_WORDS) {
            fail(CODE_CONFIG, "the stand-alone program has too many arguments", "", 0, "");
        }
        words[word_count++] = value;
    }
}

static void read_conf(void) {
    s64 n = syscall5(NR_readlinkat, AT_FDCWD, (s64) "/proc/self/exe", (s64)path_a, MOST_PATH - 6, 0);
    if (n <= 0) {
        fail(CODE_CONFIG, "/proc/self/exe cannot be read", "", n, "podnet-cni finds its settings by its own path");
    }
    memcpy(path_a + n, ".conf", 6);
    s64 fd = syscall5(NR_openat, AT_FDCWD, (s64)path_a, O_RDONLY | O_CLOEXEC, 0, 0);
    if (fd < 0) {
        fail(CODE_CONFIG, "cannot open ", path_a, fd, "examples/run install-cni --bin-dir DIR writes it");
    }
    u64 have = 0;
    while (have < MOST_CONF && (n = CALL(NR_read, fd, conf + have, MOST_CONF - have)) > 0) {
        have += (u64)n;
    }
    CALL(NR_close, fd, 0, 0);
    if (n < 0 || have == MOST_CONF) {
        fail(CODE_CONFIG, "cannot read, or too long: ", path_a, n, "");
    }
    char *line = conf;
    for (u64 i = 0; i <= have; i++) {
        if (conf[i] == '\n' || i == have) {
            conf[i] = 0;
            apply(line);
            line = conf + i + 1;
        }
    }
}

/* ---- the daemon ---- */

/* A connected socket, or what the kernel answered. */
static s64 connect_daemon(void) {
    struct {
        unsigned short family;
        char path[SOCKET_PATH];
    } address;
    struct {
        s64 seconds;
        s64 micros;
    } send = {SEND_SECONDS, 0}, receive = {ANSWER_SECONDS, 0};
    struct {
        u32 pid;
        u32 uid;
        u32 gid;
    } peer = {0, 0, 0};
    u32 peer_length = sizeof peer;

    s64 fd = CALL(NR_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return fd;
    }
    address.family = AF_UNIX;
    memcpy(address.path, socket_path, SOCKET_PATH);
    syscall5(NR_setsockopt, fd, SOL_SOCKET, SO_SNDTIMEO, (s64)&send, sizeof send);
    syscall5(NR_setsockopt, fd, SOL_SOCKET, SO_RCVTIMEO, (s64)&receive, sizeof receive);
    s64 result;
    do {
        result = CALL(NR_connect, fd, &address, 2 + length(socket_path) + 1);
    } while (result == -EINTR);
    if (result < 0) {
        CALL(NR_close, fd, 0, 0);
        return result;
    }
    /* Whoever answers gets a container's namespace: it must be root, or whoever calls. */
    syscall5(NR_getsockopt, fd, SOL_SOCKET, SO_PEERCRED, (s64)&peer, (s64)&peer_length);
    if (peer.uid != 0 && peer.uid != (u32)CALL(NR_geteuid, 0, 0, 0)) {
        fail(CODE_IO, "another user listens at ", socket_path, 0, "the daemon must be root");
    }
    return fd;
}

static int is_away(s64 result) {
    return result == -ENOENT || result == -ENOTDIR || result == -ECONNREFUSED;
}

struct span {
    const void *start;
    u64 bytes;
};
struct message {
    void *name;
    u32 name_length;
    struct span *spans;
    u64 span_count;
    void *control;
    u64 control_length;
    u32 flags;
};

static struct request request_header(u32 descriptors) {
    struct request header = {{'P', 'N', 'C', '1'}, (u32)environment_length, (u32)config_length, descriptors};
    return header;
}

static s64 send_all(s64 fd, const void *bytes, u64 n, void *control, u64 control_length) {
    const u8 *p = bytes;
    while (n > 0) {
        struct span span = {p, n};
        struct message message = {0, 0, &span, 1, control, control_length, 0};
        s64 done = CALL(NR_sendmsg, fd, &message, MSG_NOSIGNAL);
        if (done == -EINTR) {
            continue;
        }
        if (done <= 0) {
            return done < 0 ? done : -CODE_IO;
        }
        control = 0;
        control_length = 0;
        p += done;
        n -= (u64)done;
    }
    return 0;
}

static s64 send_request(s64 fd, char *netns) {
    struct {
        u64 length;
        u32 level;
        u32 type;
        u32 fds[2];
    } control = {16, SOL_SOCKET, SCM_RIGHTS, {0, 0}};
    u32 descriptors = 0;
    u32 count = 0;
    /* O_PATH opens nothing: no FIFO blocks and no device wakes, whatever the path leads to. */
    s64 own = syscall5(NR_openat, AT_FDCWD, (s64) "/proc/self/ns/net", O_PATH | O_CLOEXEC, 0, 0);
    if (own >= 0) {
        control.fds[count++] = (u32)own;
        descriptors |= 1;
    }
    if (netns != 0 && *netns != 0) {
        s64 pod = syscall5(NR_openat, AT_FDCWD, (s64)netns, O_PATH | O_CLOEXEC, 0, 0);
        if (pod >= 0) {
            control.fds[count++] = (u32)pod;
            descriptors |= 2;
        }
    }
    control.length += 4ul * count;
    struct request header = request_header(descriptors);
    s64 result = send_all(fd, &header, sizeof header, count > 0 ? &control : 0, count > 0 ? sizeof control : 0);
    if (result == 0) {
        result = send_all(fd, environment, environment_length, 0, 0);
    }
    return result == 0 ? send_all(fd, config, config_length, 0, 0) : result;
}

static s64 receive(s64 fd, void *to, u64 most) {
    s64 n;
    do {
        n = CALL(NR_read, fd, to, most);
    } while (n == -EINTR);
    return n == 0 ? -104 : n; /* the daemon hung up: ECONNRESET */
}

/* Copies the answer and ends; comes back only where there is none. */
static s64 take_answer(s64 fd) {
    struct answer header;
    u64 have = 0;
    while (have < sizeof header) {
        s64 n = receive(fd, (u8 *)&header + have, sizeof header - have);
        if (n < 0) {
            return n;
        }
        have += (u64)n;
    }
    if (header.magic[0] != 'P' || header.magic[1] != 'N' || header.magic[2] != 'R' || header.magic[3] != '1'
        || header.output > MOST_ANSWER) {
        fail(CODE_IO, "no Podnet answers at ", socket_path, 0, "");
    }
    while (header.output > 0) {
        s64 n = receive(fd, answer_bytes, header.output < sizeof answer_bytes ? header.output : sizeof answer_bytes);
        if (n < 0) {
            return n;
        }
        if (write_all(1, answer_bytes, (u64)n) < 0) {
            end(1);
        }
        header.output -= (u32)n;
    }
    end((int)header.code);
}

/* Ends with the daemon's answer; comes back with what the kernel said where there is none. */
static s64 ask_daemon(char *netns, int *reached) {
    s64 fd = connect_daemon();
    if (fd < 0) {
        *reached = !is_away(fd);
        return fd;
    }
    *reached = 1;
    s64 result = send_request(fd, netns);
    if (result == 0) {
        result = take_answer(fd);
    }
    CALL(NR_close, fd, 0, 0);
    return result;
}

/* ---- without the daemon ---- */

static u64 append(char *to, u64 at, const char *text) {
    u64 n = length(text);
    if (at + n >= MOST_PATH) {
        fail(CODE_CONFIG, "the state directory's path is too long", "", 0, "");
    }
    memcpy(to + at, text, n + 1);
    return at + n;
}

static u64 append_hex(char *to, u64 at, u64 number) {
    char digits[17];
    for (int i = 15; i >= 0; i--) {
        digits[i] = "0123456789abcdef"[number & 15];
        number >>= 4;
    }
    digits[16] = 0;
    return append(to, at, digits);
}

/* FNV-1a: one file for one call, however often the runtime repeats it. */
static u64 hash(void) {
    u64 value = 0xcbf29ce484222325ul;
    for (u64 i = 0; i < environment_length; i++) {
        value = (value ^ (u8)environment[i]) * 0x100000001b3ul;
    }
    for (u64 i = 0; i < config_length; i++) {
        value = (value ^ config[i]) * 0x100000001b3ul;
    }
    return value;
}

static s64 write_journal(s64 fd) {
    struct request header = request_header(0);
    s64 result = write_all((int)fd, &header, sizeof header);
    if (result == 0) {
        result = write_all((int)fd, environment, environment_length);
    }
    if (result == 0) {
        result = write_all((int)fd, config, config_length);
    }
    return result == 0 ? CALL(NR_fsync, fd, 0, 0) : result;
}

/* Leaves the DEL for the daemon's next start: durable before it is called done. The final name is in path_b. */
static void journal(void) {
    if (state_directory == 0) {
        fail(CODE_TRY_AGAIN, "the daemon is away and there is no state directory", "", 0, "run install-cni again");
    }
    u64 at = append(path_a, append(path_a, 0, state_directory), "/pending");
    s64 directory = syscall5(NR_openat, AT_FDCWD, (s64)path_a, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0, 0);
    if (directory < 0) {
        fail(CODE_TRY_AGAIN, "the daemon is away and the journal cannot be opened: ", path_a, directory, "start Podnet");
    }
    at = append_hex(path_b, append(path_b, 0, "del-"), hash());
    append_hex(path_a, append(path_a, 0, ".new-"), hash() ^ ((u64)CALL(NR_getpid, 0, 0, 0) << 40));
    (void)at;
    CALL(NR_unlinkat, directory, path_a, 0);
    s64 fd = syscall5(
            NR_openat, directory, (s64)path_a, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600, 0);
    s64 result = fd < 0 ? fd : write_journal(fd);
    if (result == 0) {
        result = syscall5(NR_renameat, directory, (s64)path_a, directory, (s64)path_b, 0);
    }
    if (result == 0) {
        result = CALL(NR_fsync, directory, 0, 0);
    }
    if (result < 0) {
        CALL(NR_unlinkat, directory, path_a, 0);
        fail(CODE_TRY_AGAIN, "the daemon is away and the journal cannot be written: ", state_directory, result, "start Podnet");
    }
    CALL(NR_close, fd, 0, 0);
    CALL(NR_close, directory, 0, 0);
}

/* Becomes the stand-alone program, which finds the configuration on its standard input. */
__attribute__((noreturn)) static void stand_alone(char **envp) {
    s64 fd = CALL(NR_memfd_create, "podnet-cni", 0, 0);
    if (fd < 0 || write_all((int)fd, config, config_length) < 0 || CALL(NR_lseek, fd, 0, 0) < 0
        || CALL(NR_dup3, fd, 0, 0) < 0) {
        fail(CODE_IO, "the configuration cannot be handed on", "", fd < 0 ? fd : 0, "");
    }
    words[word_count] = 0;
    s64 result = CALL(NR_execve, words[0], words, envp);
    fail(CODE_TRY_AGAIN, "the daemon is away and the stand-alone program does not start: ", words[0], result,
         "start Podnet, or run install-cni again");
}

__attribute__((noreturn, used)) void begin(s64 *stack) {
    s64 argc = stack[0];
    char **envp = (char **)(stack + argc + 2);
    char *command = variable(envp, "CNI_COMMAND");
    if (command == 0 || *command == 0) {
        say(2, "podnet-cni: CNI plugin of Podnet\nCNI protocol versions supported: 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0\n");
        end(0);
    }
    if (equal(command, "VERSION")) {
        say(1, "{\"cniVersion\":\"1.1.0\",\"supportedVersions\":[\"0.3.0\",\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\"]}\n");
        end(0);
    }
    collect_environment(envp);
    read_config();
    read_conf();
    find_socket();

    char *netns = variable(envp, "CNI_NETNS");
    int reached = 0;
    s64 result = -ENOENT;
    if (socket_path[0] != 0) {
        result = ask_daemon(netns, &reached);
    }
    if (equal(command, "DEL") && socket_path[0] != 0) {
        journal();
        /* A daemon that came up meanwhile may have looked at the journal before: it is asked now. It removes the entry. */
        ask_daemon(netns, &reached);
        end(0);
    }
    if (reached) {
        fail(CODE_TRY_AGAIN, "no answer from the daemon at ", socket_path, result, "");
    }
    if (word_count > 0) {
        stand_alone(envp);
    }
    fail(CODE_TRY_AGAIN, "the daemon is away: ", socket_path, result, "start Podnet");
}
