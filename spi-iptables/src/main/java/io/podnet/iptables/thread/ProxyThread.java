package io.podnet.iptables.thread;

/** A daemon thread that has nothing of who started it: no thread locals, no class loader. Safe for any thread. */
public final class ProxyThread {
    private final Thread thread;

    private ProxyThread(Thread thread) {
        this.thread = thread;
    }

    /**
     * Starts one.
     *
     * @param name the thread's name
     * @param work what it does; it ends with that
     * @return the thread
     */
    public static ProxyThread start(String name, Runnable work) {
        Thread thread = new Thread(null, work, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
        return new ProxyThread(thread);
    }

    /** Interrupts it. */
    public void interrupt() {
        thread.interrupt();
    }

    /** Waits until it has ended. An interrupt does not shorten that, and is kept. */
    public void join() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits until it has ended, or the time is up.
     *
     * @param millis how long to wait at most; above 0
     * @throws InterruptedException where the waiting thread is interrupted
     */
    public void join(long millis) throws InterruptedException {
        thread.join(millis);
    }
}
