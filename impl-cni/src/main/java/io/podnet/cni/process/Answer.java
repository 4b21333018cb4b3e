package io.podnet.cni.process;

import io.podnet.api.PodnetException;
import io.podnet.cni.spec.CniError;
import io.podnet.cni.spec.CniException;
import io.podnet.cni.spec.CniNames;
import io.podnet.cni.spec.JsonObject;
import java.util.Optional;

/** What a plugin's way of ending means: SPEC.md section 2 and the forms in which plugins do not keep to it. */
final class Answer {
    private static final int SHOWN = 500;

    private Answer() {}

    /**
     * Gives what a plugin that succeeded printed.
     *
     * @throws PodnetException.PluginFailed where it did not succeed
     */
    static String of(String what, Ended ended) {
        Optional<CniError> error = error(ended);
        if (error.isPresent()) {
            throw new PodnetException.PluginFailed(
                    what + " failed: " + oneLine(error.get().toString()) + said(ended.stderr()),
                    error.get().code());
        }
        if (ended.succeeded()) {
            return ended.stdout();
        }
        if (ended.neverStarted()) {
            throw new PodnetException.PluginFailed(
                    what + " could not be started: " + oneLine(ended.stderr()), CniError.IO_FAILURE);
        }
        String printed = oneLine(ended.stdout());
        throw new PodnetException.PluginFailed(
                what + " " + ended.how() + " and "
                        + (printed.isEmpty() ? "printed nothing" : "printed no CNI error but '" + printed + "'")
                        + said(ended.stderr()),
                0);
    }

    /** An error is told by the status; one that a plugin prints and then ends well is one all the same. */
    private static Optional<CniError> error(Ended ended) {
        try {
            Optional<CniError> error = CniError.read(JsonObject.parse("answer", ended.stdout()));
            return ended.succeeded() ? error.filter(one -> one.code() > 0) : error;
        } catch (CniException e) {
            return Optional.empty();
        }
    }

    static String said(String stderr) {
        String line = oneLine(stderr);
        return line.isEmpty() ? "" : "; on standard error it said: " + line;
    }

    private static String oneLine(String text) {
        String line = text.strip().replaceAll("\\s+", " ").replaceAll("[^ -~]", "?");
        return line.length() <= SHOWN ? line : "..." + line.substring(line.length() - SHOWN);
    }

    /**
     * Reads what a plugin printed as an object.
     *
     * @throws PodnetException.PluginFailed where it is none
     */
    static JsonObject json(String what, String stdout) {
        // Go's null is an empty result, and some plugins print it.
        if (stdout.strip().equals("null")) {
            return JsonObject.EMPTY;
        }
        try {
            return JsonObject.parse("its answer", stdout);
        } catch (CniException e) {
            throw new PodnetException.PluginFailed(
                    what + " succeeded, but " + e.error() + ": '" + CniNames.shown(stdout) + "'", e.code());
        }
    }
}
