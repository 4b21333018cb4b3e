package io.podnet.cni.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The environment in which a plugin is called: SPEC.md section 2, "Parameters".
 *
 * @param command what is asked
 * @param containerId the container; empty where the command is about no attachment
 * @param netns path of the container's network namespace; empty on DEL where it is gone, and where the command is about no
 *     attachment
 * @param ifName the interface's name in the container; empty where the command is about no attachment
 * @param args further arguments
 * @param path directories that plugins are looked for in
 * @param netnsOverride {@code CNI_NETNS_OVERRIDE}: the container's namespace may be the plugin's own
 */
public record CniEnvironment(
        CniCommand command,
        String containerId,
        String netns,
        String ifName,
        CniArgs args,
        List<String> path,
        boolean netnsOverride) {
    private static final String COMMAND = "CNI_COMMAND";
    private static final String CONTAINER_ID = "CNI_CONTAINERID";
    private static final String NETNS = "CNI_NETNS";
    private static final String IFNAME = "CNI_IFNAME";
    private static final String ARGS = "CNI_ARGS";
    private static final String PATH = "CNI_PATH";
    private static final String NETNS_OVERRIDE = "CNI_NETNS_OVERRIDE";

    public CniEnvironment {
        Objects.requireNonNull(args, "args");
        path = List.copyOf(path);
        if (command.isAboutAttachment()) {
            CniNames.containerId(containerId);
            CniNames.interfaceName(ifName);
        }
    }

    /**
     * Makes the environment of a command about no attachment.
     *
     * @param command GC, STATUS or VERSION
     * @param path directories that plugins are looked for in
     * @return the environment
     */
    public static CniEnvironment of(CniCommand command, List<String> path) {
        return new CniEnvironment(command, "", "", "", CniArgs.NONE, path, false);
    }

    /**
     * Makes the environment of another command about the same.
     *
     * @param other the command
     * @return the environment
     */
    public CniEnvironment with(CniCommand other) {
        return new CniEnvironment(other, containerId, netns, ifName, args, path, netnsOverride);
    }

    /**
     * Reads the environment and says at once everything that is missing, as the reference skeleton does.
     *
     * @param variables the process's environment
     * @return the environment
     * @throws CniException with code 4 where a variable is missing or wrong
     */
    public static CniEnvironment read(Map<String, String> variables) {
        CniCommand command = command(variables.getOrDefault(COMMAND, ""));
        List<String> missing = new ArrayList<>();
        if (command.isAboutAttachment()) {
            require(variables, CONTAINER_ID, missing);
            require(variables, IFNAME, missing);
            if (command != CniCommand.DEL) {
                require(variables, NETNS, missing);
            }
        }
        if (command != CniCommand.VERSION && command != CniCommand.STATUS) {
            require(variables, PATH, missing);
        }
        if (!missing.isEmpty()) {
            throw new CniException(
                    CniError.INVALID_ENVIRONMENT,
                    "required environment variables are missing: " + String.join(", ", missing),
                    COMMAND + " is " + command);
        }
        return new CniEnvironment(
                command,
                variables.getOrDefault(CONTAINER_ID, ""),
                variables.getOrDefault(NETNS, ""),
                variables.getOrDefault(IFNAME, ""),
                CniArgs.parse(variables.getOrDefault(ARGS, "")),
                directories(variables.getOrDefault(PATH, "")),
                isTrue(variables.getOrDefault(NETNS_OVERRIDE, "")));
    }

    private static CniCommand command(String text) {
        for (CniCommand command : CniCommand.values()) {
            if (command.name().equals(text)) {
                return command;
            }
        }
        throw new CniException(
                CniError.INVALID_ENVIRONMENT,
                text.isEmpty() ? COMMAND + " is missing" : "unknown " + COMMAND + ": " + CniNames.shown(text),
                "");
    }

    private static void require(Map<String, String> variables, String name, List<String> missing) {
        if (variables.getOrDefault(name, "").isEmpty()) {
            missing.add(name);
        }
    }

    private static boolean isTrue(String value) {
        return value.equals("1") || value.equalsIgnoreCase("true");
    }

    /**
     * Splits a search path.
     *
     * @param path directories joined by {@code :}
     * @return the directories without empty ones
     */
    public static List<String> directories(String path) {
        List<String> directories = new ArrayList<>();
        for (String directory : path.split(":", -1)) {
            if (!directory.isEmpty()) {
                directories.add(directory);
            }
        }
        return List.copyOf(directories);
    }

    /**
     * Writes the environment.
     *
     * @return the variables, all of them also where they are empty, as libcni sets them
     */
    public Map<String, String> toVariables() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put(COMMAND, command.name());
        variables.put(CONTAINER_ID, containerId);
        variables.put(NETNS, netns);
        variables.put(IFNAME, ifName);
        variables.put(ARGS, args.toString());
        variables.put(PATH, String.join(":", path));
        if (netnsOverride) {
            variables.put(NETNS_OVERRIDE, "1");
        }
        return variables;
    }
}
