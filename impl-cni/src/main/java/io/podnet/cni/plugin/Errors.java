package io.podnet.cni.plugin;

import io.podnet.api.PodnetException;
import io.podnet.cni.spec.CniError;
import java.util.ArrayList;
import java.util.List;

/** Podnet's exceptions in CNI's codes. From 100 on the codes are this plugin's own. */
final class Errors {
    static final int REFUSED_BY_KERNEL = CniError.PLUGIN_SPECIFIC;
    static final int CONFLICT = CniError.PLUGIN_SPECIFIC + 1;
    static final int NOT_SUPPORTED_HERE = CniError.PLUGIN_SPECIFIC + 2;
    static final int DIFFERENT = CniError.PLUGIN_SPECIFIC + 3;
    static final int INCOMPLETE = CniError.PLUGIN_SPECIFIC + 4;

    private Errors() {}

    static CniError of(PodnetException e) {
        List<String> more = new ArrayList<>();
        for (Throwable suppressed : e.getSuppressed()) {
            more.add(String.valueOf(suppressed.getMessage()));
        }
        return new CniError(code(e), String.valueOf(e.getMessage()), String.join("; ", more));
    }

    private static int code(PodnetException e) {
        if (e instanceof PodnetException.Invalid) {
            return CniError.INVALID_CONFIGURATION;
        }
        if (e instanceof PodnetException.NotFound) {
            return CniError.UNKNOWN_CONTAINER;
        }
        if (e instanceof PodnetException.Conflict) {
            return CONFLICT;
        }
        if (e instanceof PodnetException.Unsupported) {
            return NOT_SUPPORTED_HERE;
        }
        if (e instanceof PodnetException.StateFailure) {
            return CniError.IO_FAILURE;
        }
        if (e instanceof PodnetException.Incomplete) {
            return INCOMPLETE;
        }
        if (e instanceof PodnetException.PluginFailed failed && failed.code() != 0) {
            return failed.code();
        }
        return e.retryable() ? CniError.TRY_AGAIN_LATER : REFUSED_BY_KERNEL;
    }
}
