package io.podnet.bridge.ipam;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.Callable;

/** Real file operations with somebody in between: counts them, makes one fail, or ends the process at one. */
final class WatchedFileOps {
    /** What happens at the chosen operation. */
    enum Fault {
        /** It fails without effect. */
        FAIL_BEFORE,
        /** It has its effect, then fails. */
        FAIL_AFTER,
        /** It and all later ones fail without effect, as on a full or broken disk. */
        FAIL_FROM_HERE,
        /** The process ends before it. */
        DIE_BEFORE,
        /** The process ends after it. */
        DIE_AFTER
    }

    /** Stands for the process's end: nothing that is done with files after it has any effect. */
    static final class Death extends Error {
        private static final long serialVersionUID = 1;

        Death() {
            super("the process ends here");
        }
    }

    private final FileOps real = new PosixFileOps();
    private Fault fault = Fault.FAIL_BEFORE;
    private long faultAt = Long.MAX_VALUE;
    private boolean dead;
    long count;

    void arm(Fault chosen, long operation) {
        fault = chosen;
        faultAt = count + operation;
    }

    void disarm() {
        faultAt = Long.MAX_VALUE;
        dead = false;
    }

    boolean fired() {
        return count >= faultAt;
    }

    FileOps ops() {
        return (FileOps) Proxy.newProxyInstance(
                FileOps.class.getClassLoader(),
                new Class<?>[] {FileOps.class},
                (proxy, method, arguments) -> watched(method, () -> call(method, arguments)));
    }

    private Object call(Method method, Object[] arguments) throws Exception {
        if (method.getName().startsWith("sync")) {
            // Only a crash of the machine would tell the difference, and these tests would take minutes.
            return null;
        }
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    private synchronized Object watched(Method method, Callable<Object> real) throws Exception {
        if (dead) {
            throw new Death();
        }
        count++;
        if (count < faultAt || (count > faultAt && fault != Fault.FAIL_FROM_HERE)) {
            return real.call();
        }
        switch (fault) {
            case FAIL_AFTER -> {
                Object result = real.call();
                if (result instanceof FileOps.Lock lock) {
                    lock.close();
                }
                throw new IOException("injected after " + method.getName());
            }
            case DIE_BEFORE -> {
                dead = true;
                throw new Death();
            }
            case DIE_AFTER -> {
                Object result = real.call();
                if (result instanceof FileOps.Lock lock) {
                    lock.close();
                }
                dead = true;
                throw new Death();
            }
            default -> throw new IOException("injected at " + method.getName());
        }
    }
}
