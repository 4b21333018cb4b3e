package io.podnet.iptables.restore;

import io.podnet.api.PodnetException;
import io.podnet.api.PodnetException.KernelRejected;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.Lock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes and reads rules of one family in one namespace, a process for each. Safe for any thread. */
public final class RuleTool {
    private static final Pattern LINE = Pattern.compile("line:? (\\d+)");
    // RESOURCE_PROBLEM of xtables.h: somebody else holds the lock, or a table changed meanwhile.
    private static final int RESOURCE_PROBLEM = 4;

    private final Tool tool;
    private final NamespacePrograms programs;
    private final Lock writing;
    private final Duration lockWait;
    private final Duration timeout;

    /**
     * Prepares a tool.
     *
     * @param tool the programs
     * @param programs starts them
     * @param writing held while rules are written; the same for all tools of a namespace
     * @param lockWait how long the legacy tools wait for the lock; at least a second
     * @param timeout how long one process may take in all
     */
    public RuleTool(Tool tool, NamespacePrograms programs, Lock writing, Duration lockWait, Duration timeout) {
        this.tool = tool;
        this.programs = programs;
        this.writing = writing;
        this.lockWait = lockWait;
        this.timeout = timeout;
    }

    /**
     * Gives the programs.
     *
     * @return what this was made with
     */
    public Tool tool() {
        return tool;
    }

    /**
     * Writes rules: {@code iptables-restore --noflush}. One family at a time: the legacy tools of both take one lock, which
     * they would wait for no longer than {@code lockWait}, and of two nft transactions at once one is refused.
     *
     * @param source makes the input, while the tool reads it; after a failure it is asked again, for the refused line
     * @return how many lines were written
     * @throws KernelRejected with the refused line's text
     * @throws PodnetException.TimedOut where it took too long
     */
    public int restore(RuleInput.Source source) {
        writing.lock();
        try {
            return restoreAlone(source);
        } finally {
            writing.unlock();
        }
    }

    private int restoreAlone(RuleInput.Source source) {
        List<String> command =
                List.of(tool.restore().toString(), "--noflush", "-w", Long.toString(lockWait.toSeconds()));
        Process process = programs.start(command, ProcessBuilder.Redirect.DISCARD);
        try (ToolRun run = new ToolRun(process, tool.name(), timeout)) {
            int lines = feed(process, source);
            int code = run.end();
            if (code != 0) {
                throw refused(tool.name(), code, run.complaints(), source);
            }
            return lines;
        }
    }

    private static int feed(Process process, RuleInput.Source source) {
        OutputStream out = process.getOutputStream();
        RuleInput input = new RuleInput(out);
        try (out) {
            source.writeTo(input);
            input.flush();
        } catch (IOException e) {
            // The tool stopped reading: its exit status and its complaint say why.
            return input.lines();
        }
        return input.lines();
    }

    /**
     * Reads all rules: {@code iptables-save}. What another program uses of nf_tables, and iptables cannot show, is left
     * out.
     *
     * @param counters whether packet and byte counts are read too
     * @param visitor sees each line
     * @throws KernelRejected where the kernel gives no rules
     */
    public void save(boolean counters, SavedRules.Visitor visitor) {
        List<String> command = counters
                ? List.of(tool.save().toString(), "--counters")
                : List.of(tool.save().toString());
        Process process = programs.start(command, ProcessBuilder.Redirect.PIPE);
        String name = tool.save().getFileName().toString();
        try (ToolRun run = new ToolRun(process, name, timeout)) {
            try (BufferedReader lines = new BufferedReader(
                    new InputStreamReader(process.getInputStream(), StandardCharsets.ISO_8859_1), 1 << 16)) {
                SavedRules.read(lines, visitor);
            } catch (IOException e) {
                throw new PodnetException.StateFailure("reading from " + name + " failed", e);
            }
            int code = run.end();
            if (code != 0) {
                throw refused(name, code, run.complaints(), input -> {});
            }
        }
    }

    private static PodnetException refused(String name, int code, String complaints, RuleInput.Source source) {
        String said = complaints
                .lines()
                .filter(line -> !line.startsWith("Try `"))
                .reduce((a, b) -> a + "; " + b)
                .orElse("exit status " + code);
        String lower = complaints.toLowerCase(Locale.ROOT);
        if (lower.contains("permission denied") || lower.contains("not permitted")) {
            return new PodnetException.PermissionDenied(
                    name + " is not allowed: " + said + "; run with CAP_NET_ADMIN in the namespace's user namespace",
                    null);
        }
        Matcher line = LINE.matcher(complaints);
        String object = line.find() ? text(source, Integer.parseInt(line.group(1))) : "the rules";
        if (code == RESOURCE_PROBLEM) {
            return new KernelRejected(name, object, 11, "EAGAIN", said);
        }
        return lower.contains("no such file") || lower.contains("does not exist")
                ? new KernelRejected(name, object, 2, "ENOENT", said)
                : new KernelRejected(name, object, 22, "EINVAL", said);
    }

    private static String text(RuleInput.Source source, int line) {
        RuleInput again = new RuleInput(OutputStream.nullOutputStream(), line);
        try {
            source.writeTo(again);
            again.flush();
        } catch (IOException impossible) {
            return "line " + line;
        }
        return "line " + line + " '" + again.found() + "'";
    }
}
