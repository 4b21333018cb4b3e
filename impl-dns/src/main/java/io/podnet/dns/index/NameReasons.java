package io.podnet.dns.index;

import io.podnet.api.ServiceId;
import io.podnet.dns.wire.NameReader;
import io.podnet.dns.wire.WireName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Says in words what a name of the zones is, or why it does not exist. Safe for any thread. */
public final class NameReasons {
    private static final Pattern SERVICE_NAME = Pattern.compile("[a-z]([-a-z0-9]{0,61}[a-z0-9])?");

    private final IndexModel model;
    private final Zone zone;
    private final PodNames podNames;

    /**
     * Prepares.
     *
     * @param model where the index is
     * @param zone the zones
     * @param podNames which names of pods exist
     */
    public NameReasons(IndexModel model, Zone zone, PodNames podNames) {
        this.model = model;
        this.zone = zone;
        this.podNames = podNames;
    }

    /**
     * Says what a name is.
     *
     * @param name an absolute name, small letters, as {@code WireName} makes names
     * @return a sentence without a full stop; empty where the name is not the zones'
     */
    public Optional<String> of(byte[] name) {
        NameReader reader = new NameReader();
        reader.read(name, 0, name.length);
        RecordIndex index = model.index();
        Lookup lookup = new Lookup(zone, podNames);
        Lookup.Kind kind = lookup.find(index, reader);
        if (kind == Lookup.Kind.NOT_OURS) {
            return Optional.empty();
        }
        if (lookup.staticName() != null) {
            boolean wildcard = lookup.staticName().key().length != name.length
                    || !WireName.same(lookup.staticName().key(), 0, name, 0, name.length);
            return Optional.of("a record of the host's own"
                    + (wildcard ? ", by " + WireName.text(lookup.staticName().key(), 0) : ""));
        }
        List<String> labels = labels(reader);
        int before = reader.labels() - zone.labels();
        return Optional.of(
                switch (kind) {
                    case UNKNOWN -> "nothing is known of the cluster's names before the first complete step";
                    case APEX -> "a zone's own name";
                    case VERSION -> "the version of Kubernetes' DNS schema";
                    case SERVER -> "the name server's own name";
                    case SERVICE -> service(lookup.service(), id(labels, before));
                    case ENDPOINT -> "an endpoint of headless service " + id(labels, before);
                    case PORT -> "a named port of service " + id(labels, before);
                    case POD ->
                        podNames == PodNames.INSECURE ? "an address, whether a pod has it or not" : "a pod's address";
                    case POINTER -> "an address of a service or of an endpoint with a name";
                    case EMPTY -> "names below it exist, it has no records itself";
                    case MISSING, NOT_OURS -> missing(index, reader, labels, before);
                });
    }

    private static ServiceId id(List<String> labels, int before) {
        return new ServiceId(labels.get(before - 2), labels.get(before - 3));
    }

    private static String service(ServiceRecords service, ServiceId id) {
        if (service.externalName() != null) {
            return "service " + id + " is an ExternalName";
        }
        return service.headless()
                ? "headless service " + id + " has " + service.endpoints() + " endpoints with names"
                : "service " + id + " has cluster IPs";
    }

    private String missing(RecordIndex index, NameReader name, List<String> labels, int before) {
        if (before < 2 || !labels.get(before - 1).equals("svc")) {
            return "no such name in the cluster";
        }
        int end = name.start(before - 1);
        int namespaceAt = name.start(before - 2);
        String namespace = labels.get(before - 2);
        if (before == 2 || index.namespaces.get(name.bytes(), namespaceAt, end - namespaceAt) == null) {
            return "there is no namespace " + namespace + ", or its names are withheld";
        }
        String service = labels.get(before - 3);
        int serviceAt = name.start(before - 3);
        if (index.services.get(name.bytes(), serviceAt, end - serviceAt) != null) {
            return "service " + namespace + "/" + service + " has no endpoint or port of that name";
        }
        String hindrance =
                SERVICE_NAME.matcher(service).matches() ? model.hindrance(new ServiceId(namespace, service)) : null;
        return hindrance != null ? hindrance : "there is no service " + service + " in namespace " + namespace;
    }

    private static List<String> labels(NameReader name) {
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < name.labels(); i++) {
            int at = name.start(i);
            labels.add(new String(name.bytes(), at + 1, name.bytes()[at], StandardCharsets.ISO_8859_1));
        }
        return labels;
    }
}
