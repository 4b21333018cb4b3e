package io.podnet.conformance.broken;

import io.podnet.api.Drift;
import io.podnet.api.EndpointSlice;
import io.podnet.api.IpAddress;
import io.podnet.api.Packet;
import io.podnet.api.Plan;
import io.podnet.api.PodnetException;
import io.podnet.api.ServiceId;
import io.podnet.spi.ServiceChanges;
import io.podnet.spi.ServiceProxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How a service proxy is broken, each with the law that must find it. */
enum ProxyDefect {
    LEAVES_AN_ENDPOINT_OUT("clusterIp", "apply") {
        @Override
        Object call(ServiceProxy real, Object[] given) {
            ServiceChanges step = (ServiceChanges) given[0];
            return real.apply(new ServiceChanges(
                    step.complete(),
                    step.services(),
                    step.removedServices(),
                    step.endpointSlices().stream().map(ProxyDefect::first).toList(),
                    step.removedEndpointSlices()));
        }
    },
    IGNORES_CHANGES("changes", "apply") {
        @Override
        Object call(ServiceProxy real, Object[] given) {
            ServiceChanges step = (ServiceChanges) given[0];
            return real.apply(
                    step.complete() ? step : new ServiceChanges(false, List.of(), List.of(), List.of(), List.of()));
        }
    },
    IGNORES_REMOVALS("removal", "apply") {
        @Override
        Object call(ServiceProxy real, Object[] given) {
            ServiceChanges step = (ServiceChanges) given[0];
            return real.apply(
                    new ServiceChanges(step.complete(), step.services(), List.of(), step.endpointSlices(), List.of()));
        }
    },
    SWALLOWS_INVALID_STEPS("invalid", "apply") {
        @Override
        Object call(ServiceProxy real, Object[] given) {
            try {
                return real.apply((ServiceChanges) given[0]);
            } catch (PodnetException.Invalid e) {
                return 1L;
            }
        }
    },
    COUNTS_BACKWARDS("generations", "apply") {
        @Override
        Object call(ServiceProxy real, Object[] given) {
            return -real.apply((ServiceChanges) given[0]);
        }
    },
    SAYS_PROGRAMMED_TOO_EARLY("generations", "awaitProgrammed") {
        @Override
        Object call(ServiceProxy real, Object[] given) {
            return given[0] instanceof ServiceId service
                    ? real.awaitProgrammed(service, (Duration) given[1])
                    : (Object) true;
        }
    },
    TELLS_ON_THE_CALLERS_THREAD("listeners", "addListener") {
        @Override
        Object call(ServiceProxy real, Object[] given) {
            ServiceProxy.ServiceProxyListener listener = (ServiceProxy.ServiceProxyListener) given[0];
            listener.onProgrammed(0);
            real.addListener(listener);
            return null;
        }
    },
    APPLIES_IN_A_PLAN("plan", "plan") {
        @Override
        Object call(ServiceProxy real, Object[] given) {
            ServiceChanges step = (ServiceChanges) given[0];
            Plan plan = real.plan(step);
            real.awaitProgrammed(real.apply(step), Duration.ofSeconds(30));
            return plan;
        }
    },
    EXPLAINS_NOTHING("explain", "explain") {
        @Override
        Object call(ServiceProxy real, Object[] given) {
            ServiceProxy.Explanation right = real.explain((Packet) given[0]);
            return new ServiceProxy.Explanation(right.steps(), ServiceProxy.Verdict.PASS, List.of());
        }
    },
    FINDS_DRIFT_EVERYWHERE("check", "check") {
        @Override
        Object call(ServiceProxy real, Object[] given) {
            return List.of(new Drift("chain", "KUBE-SERVICES", "present", "absent"));
        }
    },
    COUNTS_FOR_STRANGERS("counters", "counters") {
        @Override
        Object call(ServiceProxy real, Object[] given) {
            return List.of(new ServiceProxy.EndpointCount("tcp", IpAddress.parse("192.0.2.99"), 80, 7, 7));
        }
    },
    TAKES_RULES_ALONG("restart", "close") {
        @Override
        Object call(ServiceProxy real, Object[] given) {
            try {
                real.cleanUp();
            } catch (IllegalStateException alreadyClosed) {
                real.close();
            }
            return null;
        }
    },
    CLEANS_NOTHING("cleanUp", "cleanUp") {
        @Override
        Object call(ServiceProxy real, Object[] given) {
            real.close();
            return null;
        }
    },
    IGNORES_UNKNOWN_OPTIONS("unknownOption", "none") {
        @Override
        Object call(ServiceProxy real, Object[] given) {
            return Optional.empty();
        }
    };

    final String law;
    private final String method;

    ProxyDefect(String law, String method) {
        this.law = law;
        this.method = method;
    }

    private static EndpointSlice first(EndpointSlice slice) {
        return new EndpointSlice(
                slice.name(),
                slice.service(),
                slice.addressType(),
                slice.endpoints().stream().limit(1).toList(),
                slice.ports());
    }

    abstract Object call(ServiceProxy real, Object[] given);

    ServiceProxy in(ServiceProxy real) {
        return Broken.in(ServiceProxy.class, real, method, this::call);
    }
}
