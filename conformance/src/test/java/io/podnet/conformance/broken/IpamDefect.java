package io.podnet.conformance.broken;

import io.podnet.api.AttachmentId;
import io.podnet.api.Condition;
import io.podnet.api.IpAddress;
import io.podnet.api.PodnetException;
import io.podnet.spi.Ipam;
import java.util.List;
import java.util.Set;

/** How an Ipam is broken, each with the law that must find it. */
enum IpamDefect {
    GIVES_ONE_FAMILY_ONLY("anAddressOfEachSet", "reserve") {
        @Override
        Object call(Ipam real, Object[] given) {
            Ipam.Lease lease = reserve(real, given);
            return new Ipam.Lease(lease.owner(), lease.assignments().subList(0, 1), lease.committed());
        }
    },
    COMMITS_AT_ONCE("restart", "reserve") {
        @Override
        Object call(Ipam real, Object[] given) {
            Ipam.Lease lease = reserve(real, given);
            real.commit(lease.owner());
            return lease;
        }
    },
    ASSIGNS_WITHOUT_COMMITTING("assign", "assign") {
        @Override
        Object call(Ipam real, Object[] given) {
            return reserve(real, given);
        }
    },
    FORGETS_WHO_RESERVED("reserveAgain", "reserve") {
        @Override
        Object call(Ipam real, Object[] given) {
            real.release((AttachmentId) given[0]);
            return reserve(real, given);
        }
    },
    TAKES_SANDBOXES_FOR_OWNERS("interfacesAreOwners", "release") {
        @Override
        Object call(Ipam real, Object[] given) {
            AttachmentId owner = (AttachmentId) given[0];
            real.release(new AttachmentId(owner.sandboxId(), "eth1"));
            return real.release(owner);
        }
    },
    COMMITS_NOTHING_QUIETLY("withoutALease", "commit") {
        @Override
        Object call(Ipam real, Object[] given) {
            AttachmentId owner = (AttachmentId) given[0];
            if (real.lease(owner).isPresent()) {
                real.commit(owner);
            }
            return null;
        }
    },
    COMMITS_ONCE("reserveAgain", "commit") {
        @Override
        Object call(Ipam real, Object[] given) {
            AttachmentId owner = (AttachmentId) given[0];
            if (real.lease(owner).orElseThrow().committed()) {
                throw new PodnetException.Conflict(owner + " is committed");
            }
            real.commit(owner);
            return null;
        }
    },
    IGNORES_REQUESTS("requested", "reserve") {
        @Override
        Object call(Ipam real, Object[] given) {
            return real.reserve((AttachmentId) given[0], List.of());
        }
    },
    GIVES_SOMETHING_ELSE_FOR_WHAT_IS_TAKEN("requested", "reserve") {
        @Override
        Object call(Ipam real, Object[] given) {
            try {
                return reserve(real, given);
            } catch (PodnetException.Conflict taken) {
                return real.reserve((AttachmentId) given[0], List.of());
            }
        }
    },
    RESERVES_IN_A_PREVIEW("preview", "preview") {
        @Override
        Object call(Ipam real, Object[] given) {
            return real.reserve(new AttachmentId("preview", "eth0"), List.of()).assignments();
        }
    },
    FREES_WHAT_IS_COMMITTED("restart", "close") {
        @Override
        Object call(Ipam real, Object[] given) {
            real.gc(Set.of());
            real.close();
            return null;
        }
    },
    FORGETS_TO_FREE("gc", "gc") {
        @Override
        Object call(Ipam real, Object[] given) {
            return Set.of();
        }
    },
    FREES_EVERYTHING("gc", "gc") {
        @Override
        Object call(Ipam real, Object[] given) {
            return real.gc(Set.of());
        }
    },
    COUNTS_NOTHING("status", "status") {
        @Override
        Object call(Ipam real, Object[] given) {
            return new Ipam.Fill(Condition.READY, real.status().capacity(), 0, 0);
        }
    },
    IS_NEVER_FULL("exhaustion", "status") {
        @Override
        Object call(Ipam real, Object[] given) {
            Ipam.Fill fill = real.status();
            return new Ipam.Fill(Condition.READY, fill.capacity(), fill.allocated(), fill.coolingDown());
        }
    },
    KEEPS_HALF_A_RESERVATION("allOrNone", "reserve") {
        @Override
        Object call(Ipam real, Ipam ofFirstSet, Object[] given) {
            try {
                return reserve(real, given);
            } catch (PodnetException.PoolExhausted full) {
                ofFirstSet.reserve((AttachmentId) given[0], List.of());
                throw full;
            }
        }
    },
    GIVES_AN_ADDRESS_TWICE("twoProcesses", "reserve") {
        @Override
        Object call(Ipam real, Object[] given) {
            Ipam.Lease lease = reserve(real, given);
            return lease.owner().sandboxId().endsWith("7")
                    ? new Ipam.Lease(lease.owner(), other(real, lease).assignments(), lease.committed())
                    : lease;
        }
    },
    IGNORES_UNKNOWN_OPTIONS("unknownOption", "close");

    final String law;
    private final String method;

    IpamDefect(String law, String method) {
        this.law = law;
        this.method = method;
    }

    @SuppressWarnings("unchecked")
    private static Ipam.Lease reserve(Ipam real, Object[] given) {
        return real.reserve((AttachmentId) given[0], (List<IpAddress>) given[1]);
    }

    private static Ipam.Lease other(Ipam real, Ipam.Lease lease) {
        return real.list().stream()
                .filter(one -> !one.owner().equals(lease.owner()))
                .findFirst()
                .orElseThrow();
    }

    Object call(Ipam real, Ipam ofFirstSet, Object[] given) {
        return call(real, given);
    }

    Object call(Ipam real, Object[] given) {
        real.close();
        return null;
    }

    Ipam in(Ipam real, Ipam ofFirstSet) {
        return Broken.in(Ipam.class, real, method, (ipam, given) -> call(ipam, ofFirstSet, given));
    }
}
