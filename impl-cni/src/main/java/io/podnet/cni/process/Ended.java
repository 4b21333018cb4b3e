package io.podnet.cni.process;

import java.util.regex.Pattern;

/**
 * How a plugin ended.
 *
 * @param status its exit status; 128 and a signal's number where a signal ended it
 * @param stdout what it printed on standard output
 * @param stderr what is kept of its standard error
 */
record Ended(int status, String stdout, String stderr) {
    private static final int SIGNALLED = 128;
    private static final int LAST_SIGNAL = 64;
    // What setsid, setpriv and nsenter say, and with what, where the program behind them cannot be executed.
    private static final int CANNOT_EXECUTE = 126;
    private static final int NOT_FOUND = 127;
    private static final Pattern LAUNCH_FAILURE =
            Pattern.compile("(setsid|setpriv|nsenter): failed to execute .*", Pattern.DOTALL);
    private static final Pattern NAMESPACE_FAILURE = Pattern.compile("nsenter: .*", Pattern.DOTALL);

    boolean neverStarted() {
        boolean byLauncher = (status == CANNOT_EXECUTE || status == NOT_FOUND)
                && LAUNCH_FAILURE.matcher(stderr).matches();
        return stdout.isEmpty()
                && (byLauncher
                        || (status == 1 && NAMESPACE_FAILURE.matcher(stderr).matches()));
    }

    boolean wasBusy() {
        return neverStarted() && stderr.contains("Text file busy");
    }

    boolean succeeded() {
        return status == 0;
    }

    String how() {
        if (status > SIGNALLED && status <= SIGNALLED + LAST_SIGNAL) {
            return "was ended by signal " + (status - SIGNALLED) + " (exit status " + status + ")";
        }
        return "ended with exit status " + status;
    }
}
