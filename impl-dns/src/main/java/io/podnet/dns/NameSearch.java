package io.podnet.dns;

import io.podnet.dns.forward.ForwardRoutes;
import io.podnet.dns.index.NameReasons;
import io.podnet.dns.response.DomainName;
import io.podnet.dns.server.PodView;
import io.podnet.dns.upstream.UpstreamGroup;
import io.podnet.dns.wire.WireName;
import io.podnet.spi.NameResolver.Answer;
import io.podnet.spi.NameResolver.Explanation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Follows a pod's search for a name as glibc's res_nsearch makes it (resolv/res_query.c). Immutable. */
final class NameSearch {
    private final PodView pod;
    private final ForwardRoutes routes;
    private final NameReasons reasons;
    private final BiFunction<String, String, Answer> lookup;

    /** Prepares, with what answers a name and a type to that pod. */
    NameSearch(PodView pod, ForwardRoutes routes, NameReasons reasons, BiFunction<String, String, Answer> lookup) {
        this.pod = pod;
        this.routes = routes;
        this.reasons = reasons;
        this.lookup = lookup;
    }

    Explanation explain(String name, String type) {
        List<Explanation.Step> steps = new ArrayList<>();
        for (String candidate : candidates(name)) {
            Answer answer = lookup.apply(candidate, type);
            steps.add(new Explanation.Step(candidate, answer, reason(candidate, type, answer)));
            boolean goesOn = answer.records().isEmpty()
                    && (answer.rcode().equals("NXDOMAIN") || answer.rcode().equals("NOERROR"));
            if (!goesOn) {
                break;
            }
        }
        return new Explanation(steps);
    }

    /** The names in order: with enough dots the name itself comes first, else last. */
    private List<String> candidates(String name) {
        String itself = WireName.text(WireName.of(name), 0);
        if (name.endsWith(".")) {
            return List.of(itself);
        }
        List<String> candidates = new ArrayList<>();
        DomainName base = DomainName.parse(name);
        for (byte[] search : pod.searches()) {
            if (base.fitsBelow(DomainName.of(search))) {
                candidates.add(base.below(DomainName.of(search)).toString());
            }
        }
        candidates.add(base.labels() - 1 >= pod.ndots() ? 0 : candidates.size(), itself);
        return candidates;
    }

    private String reason(String name, String type, Answer answer) {
        Optional<String> own = reasons.of(WireName.of(name));
        if (own.isEmpty()) {
            return "not a name of the cluster: " + foreign(name, answer);
        }
        boolean completed =
                !answer.records().isEmpty() && answer.records().get(0).contains(" IN CNAME ");
        if (answer.rcode().equals("NOERROR") && answer.records().isEmpty()) {
            return own.get() + "; no record of type " + type;
        }
        return completed && own.get().startsWith("there is no")
                ? own.get() + "; the search was completed here"
                : own.get();
    }

    private String foreign(String name, Answer answer) {
        DomainName asked = DomainName.parse(name);
        Optional<Map.Entry<DomainName, UpstreamGroup>> stub = routes.stubDomains().entrySet().stream()
                .filter(entry -> asked.isAtOrBelow(entry.getKey()))
                .max(Map.Entry.comparingByKey((one, other) -> Integer.compare(one.labels(), other.labels())));
        if (stub.isPresent()) {
            return "servers of stub domain " + stub.get().getKey() + ": "
                    + stub.get().getValue().servers();
        }
        if (routes.upstreams().isEmpty()) {
            return "pod " + pod.pod() + " has no upstream servers";
        }
        return answer.rcode().equals("REFUSED")
                ? "the forward policy denies it"
                : "upstream servers " + routes.upstreams().get().servers() + ", unless the name is one of special use";
    }
}
