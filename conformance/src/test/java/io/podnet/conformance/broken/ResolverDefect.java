package io.podnet.conformance.broken;

import io.podnet.api.Condition;
import io.podnet.api.NamespaceRef;
import io.podnet.api.PodId;
import io.podnet.api.PodSpec;
import io.podnet.api.PodnetException;
import io.podnet.spi.NameChanges;
import io.podnet.spi.NameResolver;
import io.podnet.spi.ServiceChanges;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How a name resolver is broken, each with the law that must find it. */
enum ResolverDefect {
    READY_FROM_THE_START("beforeTheFirstPicture", "status") {
        @Override
        Object call(NameResolver real, Object[] given) {
            return Condition.READY;
        }
    },
    BEGINS_WITH_NOTHING("beforeTheFirstPicture", "attachPod") {
        @Override
        Object call(NameResolver real, Object[] given) {
            if (real.status().code() != Condition.Code.READY) {
                real.apply(nothing());
            }
            return attach(real, given);
        }
    },
    LOSES_NAMESPACES("absent", "apply") {
        @Override
        Object call(NameResolver real, Object[] given) {
            NameChanges step = (NameChanges) given[0];
            return real.apply(new NameChanges(step.services(), step.pods(), step.removedPods(), Set.of("default")));
        }
    },
    TAKES_ITS_TIME("nextQuery", "apply") {
        @Override
        Object call(NameResolver real, Object[] given) {
            NameChanges step = (NameChanges) given[0];
            if (step.services().complete()) {
                return real.apply(step);
            }
            CompletableFuture.runAsync(
                    () -> real.apply(step), CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS));
            return System.nanoTime();
        }
    },
    FALLS_SILENT_WHILE_IT_CHANGES("steady", "apply") {
        @Override
        Object call(NameResolver real, Object[] given) {
            NameChanges step = (NameChanges) given[0];
            if (step.services().complete()) {
                real.apply(nothing());
                LockSupport.parkNanos(2_000_000);
            }
            return real.apply(step);
        }
    },
    COUNTS_BACKWARDS("generations", "apply") {
        @Override
        Object call(NameResolver real, Object[] given) {
            return -real.apply((NameChanges) given[0]);
        }
    },
    SWALLOWS_INVALID_STEPS("invalid", "apply") {
        @Override
        Object call(NameResolver real, Object[] given) {
            try {
                return real.apply((NameChanges) given[0]);
            } catch (PodnetException.Invalid e) {
                return 1L;
            }
        }
    },
    KEEPS_OLD_RECORDS("staticRecords", "replaceRecords") {
        private final List<NameResolver.StaticRecord> all = new ArrayList<>();

        @Override
        @SuppressWarnings("unchecked")
        Object call(NameResolver real, Object[] given) {
            all.addAll((Collection<NameResolver.StaticRecord>) given[0]);
            real.replaceRecords(all);
            return null;
        }
    },
    EXPLAINS_FOR_ANYBODY("explain", "explain") {
        @Override
        Object call(NameResolver real, Object[] given) {
            return new NameResolver.Explanation(List.of(new NameResolver.Explanation.Step(
                    "web.default.svc.contract.example", real.lookup("web.default.svc.contract.example", "A"), "")));
        }
    },
    HAS_NO_POLICY("ownForwarding", "forwardPolicy") {
        @Override
        Object call(NameResolver real, Object[] given) {
            return null;
        }
    },
    FORWARDS_FOR_ALL_ALIKE("ownForwarding", "forwarding") {
        @Override
        Object call(NameResolver real, Object[] given) {
            return null;
        }
    },
    DOES_NOT_WAIT("awaitVisible", "awaitVisible") {
        @Override
        Object call(NameResolver real, Object[] given) {
            return real.awaitVisible((String) given[0], Duration.ZERO);
        }
    },
    SEARCHES_NOTHING("resolvConf", "attachPod") {
        @Override
        Object call(NameResolver real, Object[] given) {
            NameResolver.ResolvConf conf = attach(real, given);
            return new NameResolver.ResolvConf(conf.nameservers(), List.of(), conf.options(), conf.warnings());
        }
    },
    SERVES_AFTER_DETACH("attachment", "detachPod") {
        @Override
        Object call(NameResolver real, Object[] given) {
            return null;
        }
    },
    ATTACHES_TWICE("attachment", "attachPod") {
        @Override
        Object call(NameResolver real, Object[] given) {
            real.detachPod(((PodSpec) given[0]).id());
            return attach(real, given);
        }
    },
    TELLS_NOTHING_OF_WHO_ASKS("listeners", "addListener") {
        @Override
        Object call(NameResolver real, Object[] given) {
            NameResolver.QueryListener listener = (NameResolver.QueryListener) given[0];
            real.addListener((pod, name, type, rcode, nanos) ->
                    listener.onQuery(Optional.<PodId>empty(), name, type, rcode, nanos));
            return null;
        }
    },
    DRAINS_NOTHING("drain", "drain") {
        @Override
        Object call(NameResolver real, Object[] given) {
            return null;
        }
    },
    FORWARDS_EVERYTHING("forwarding", "none"),
    IGNORES_UNKNOWN_OPTIONS("unknownOption", "none");

    final String law;
    private final String method;

    ResolverDefect(String law, String method) {
        this.law = law;
        this.method = method;
    }

    private static NameChanges nothing() {
        return new NameChanges(ServiceChanges.complete(List.of(), List.of()), List.of(), Set.of(), Set.of());
    }

    private static NameResolver.ResolvConf attach(NameResolver real, Object[] given) {
        return real.attachPod((PodSpec) given[0], (NamespaceRef) given[1]);
    }

    Object call(NameResolver real, Object[] given) {
        throw new AssertionError("no such method");
    }

    NameResolver in(NameResolver real) {
        return Broken.in(NameResolver.class, real, method, this::call);
    }
}
