package io.podnet.conformance.broken;

import io.podnet.spi.NameResolver;
import io.podnet.spi.NameResolverProvider;
import io.podnet.spi.Providers;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The resolver {@code dns} with a defect, or with none. */
public final class BrokenResolverProvider implements NameResolverProvider {
    @Override
    public String name() {
        return "broken";
    }

    @Override
    public NameResolver create(Context context) {
        String name = context.options().get(Broken.DEFECT);
        Map<String, String> options = Broken.real(context.options());
        if (ResolverDefect.IGNORES_UNKNOWN_OPTIONS.name().equals(name)) {
            options.clear();
        }
        boolean forwards = ResolverDefect.FORWARDS_EVERYTHING.name().equals(name);
        NameResolver real = Providers.discover(
                        NameResolverProvider.class, getClass().getClassLoader())
                .get("dns")
                .create(new Context(
                        forwards ? "elsewhere.example" : context.clusterDomain(),
                        forwards ? List.of() : context.podCidrs(),
                        forwards ? List.of() : context.serviceCidrs(),
                        context.upstreams(),
                        context.nodeResolvConf(),
                        context.namespace(),
                        context.stateDirectory(),
                        options));
        return Stream.of(ResolverDefect.values())
                .filter(known -> known.name().equals(name))
                .findFirst()
                .map(defect -> defect.in(real))
                .orElse(real);
    }
}
