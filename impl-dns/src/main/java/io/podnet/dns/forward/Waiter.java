package io.podnet.dns.forward;

/**
 * A client's query under way.
 *
 * @param client whose
 * @param target who wants the answer
 * @param slot whether it has a slot of its own, to be given back
 */
record Waiter(ForwardClient client, AnswerTarget target, boolean slot) {
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
