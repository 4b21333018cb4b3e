package io.podnet.dns.search;

import io.podnet.dns.response.DomainName;
import io.podnet.dns.response.Image;
import io.podnet.dns.response.Images;
import io.podnet.dns.response.Question;
import io.podnet.dns.server.LocalAnswers;
import io.podnet.dns.server.PodView;
import io.podnet.dns.server.QueryContext;
import io.podnet.dns.wire.Header;
import io.podnet.dns.wire.Octets;
import io.podnet.dns.wire.RecordType;
import io.podnet.dns.wire.ResponseCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Does for a pod what its own resolver would do with the rest of its search list, by the rules of glibc's res_nsearch: a
 * name with addresses of either family ends the search, another does not. The list is the pod's own, known from its
 * socket. Where the search ends at a name of the cluster, or in an error, or nowhere, there is no completion: the pod's
 * resolver goes on by itself and finds the same.
 *
 * <p>{@link #baseOf} is safe for any thread; {@link #complete} is for the forwarder's loop alone.
 */
public final class SearchCompletion {
    // What is in the cluster may change at any time; stub resolvers keep nothing anyway.
    private static final int ALIAS_TTL = 5;
    private static final int ELSEWHERE = -1;

    private final LocalAnswers local;
    private final byte[] answer = new byte[65_535];

    /**
     * Prepares.
     *
     * @param local the cluster's own answers
     */
    public SearchCompletion(LocalAnswers local) {
        this.local = local;
    }

    /**
     * Finds the name that a pod's program asked for.
     *
     * @param query a query for a name that does not exist in the cluster
     * @return the name without the pod's first search domain; empty where the name was not made by a search, or where the
     *     pod's resolver has tried the name itself before, since it has {@code ndots} dots
     */
    public Optional<DomainName> baseOf(QueryContext query) {
        Optional<PodView> pod = query.pod();
        if (pod.isEmpty()
                || pod.get().searches().isEmpty()
                || (query.type() != RecordType.A && query.type() != RecordType.AAAA)) {
            return Optional.empty();
        }
        DomainName name = DomainName.of(query.name());
        DomainName first = DomainName.of(pod.get().searches().get(0));
        if (first.equals(DomainName.ROOT) || name.equals(first) || !name.isAtOrBelow(first)) {
            return Optional.empty();
        }
        DomainName base = name.without(first);
        return base.labels() - 1 < pod.get().ndots() ? Optional.of(base) : Optional.empty();
    }

    /**
     * Completes a search.
     *
     * @param query the query
     * @param base {@link #baseOf} it
     * @param foreign resolves names outside, for this pod
     * @param result gets the answer once: an alias and what it leads to; empty where there is no completion
     */
    public void complete(QueryContext query, DomainName base, ForeignNames foreign, Consumer<Optional<Image>> result) {
        List<DomainName> candidates = new ArrayList<>();
        List<byte[]> searches = query.pod().orElseThrow().searches();
        for (byte[] search : searches.subList(1, searches.size())) {
            DomainName domain = DomainName.of(search);
            if (base.fitsBelow(domain)) {
                candidates.add(base.below(domain));
            }
        }
        candidates.add(base);
        new Search(new Question(DomainName.of(query.name()), query.type()), candidates, foreign, result).next();
    }

    private final class Search {
        private final Question question;
        private final List<DomainName> candidates;
        private final ForeignNames foreign;
        private final Consumer<Optional<Image>> result;
        private int tried;

        Search(Question question, List<DomainName> candidates, ForeignNames foreign, Consumer<Optional<Image>> result) {
            this.question = question;
            this.candidates = candidates;
            this.foreign = foreign;
            this.result = result;
        }

        void next() {
            while (tried < candidates.size()) {
                DomainName candidate = candidates.get(tried++);
                int code = localCode(new Question(candidate, question.type()));
                if (code == ELSEWHERE) {
                    tryOutside(candidate);
                    return;
                }
                if (code != ResponseCode.NXDOMAIN) {
                    break;
                }
            }
            result.accept(Optional.empty());
        }

        private void tryOutside(DomainName candidate) {
            foreign.resolve(new Question(candidate, question.type()), answered -> {
                if (answered.isEmpty()) {
                    result.accept(Optional.empty());
                } else if (answered.get().rcode() == ResponseCode.NXDOMAIN) {
                    next();
                } else if (answered.get().answersWith(question.type())) {
                    found(candidate, answered.get());
                } else {
                    tryOtherFamily(candidate, answered.get());
                }
            });
        }

        /** The name exists without addresses of this family. Only where it has the other's does the search end here. */
        private void tryOtherFamily(DomainName candidate, Image noData) {
            int other = question.type() == RecordType.A ? RecordType.AAAA : RecordType.A;
            foreign.resolve(new Question(candidate, other), answered -> {
                if (answered.isEmpty()) {
                    result.accept(Optional.empty());
                } else if (answered.get().answersWith(other)) {
                    found(candidate, noData);
                } else {
                    next();
                }
            });
        }

        private void found(DomainName candidate, Image image) {
            result.accept(Optional.of(Images.alias(question, candidate, image, ALIAS_TTL)));
        }
    }

    /** The cluster's response code for a name; {@link #ELSEWHERE} where the name is not its to answer. */
    private int localCode(Question asked) {
        byte[] query = new byte[Header.LENGTH + asked.length()];
        Octets.put16(query, Header.FLAGS, Header.RD);
        Octets.put16(query, Header.QUESTIONS, 1);
        asked.writeTo(query);
        return local.answer(query, query.length, answer) == LocalAnswers.NOT_OURS
                ? ELSEWHERE
                : Header.flags(answer) & Header.RCODE;
    }
}
