package io.podnet.dns;

import io.podnet.api.API;
import io.podnet.spi.NameResolver;
import io.podnet.spi.NameResolverProvider;

/** Provides the resolver of the name {@code dns}; its options are those of {@link DnsOptions} and {@link
 * ForwardOptions}. */
@API(status = API.Status.STABLE, since = "0.1")
public final class DnsResolverProvider implements NameResolverProvider {
    /** For ServiceLoader. */
    public DnsResolverProvider() {}

    @Override
    public String name() {
        return "dns";
    }

    @Override
    public NameResolver create(Context context) {
        return new DnsResolver(context);
    }
}
