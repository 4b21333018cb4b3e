package io.podnet.api;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What would be done, as values: nothing has happened yet. Steps are in the order in which they would be applied.
 *
 * @param steps the steps; empty where the desired state is there already
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Plan(List<Step> steps) {
    public Plan {
        steps = List.copyOf(steps);
    }

    /** What a step does to its object. */
    public enum Action {
        /** Makes it. */
        CREATE,
        /** Changes it in place. */
        CHANGE,
        /** Removes it. */
        DELETE
    }

    /**
     * One object's change.
     *
     * @param action what happens
     * @param kind the kernel's word for the object, for example {@code link}, {@code address}, {@code route}
     * @param name which one
     * @param detail its properties, readable; may be empty
     */
    public record Step(Action action, String kind, String name, String detail) {
        public Step {
            Objects.requireNonNull(action, "action");
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(detail, "detail");
        }

        /**
         * Writes the step.
         *
         * @return for example {@code CREATE link pnab12 (veth, master cbr0)}
         */
        @Override
        public String toString() {
            return action + " " + kind + " " + name + (detail.isEmpty() ? "" : " (" + detail + ")");
        }
    }

    /**
     * Writes the plan.
     *
     * @return a line for each step, or {@code nothing to do}
     */
    @Override
    public String toString() {
        return steps.isEmpty()
                ? "nothing to do"
                : steps.stream().map(Step::toString).collect(Collectors.joining("\n"));
    }
}
