package io.podnet.conformance.broken;

import io.podnet.spi.AddressRangeSet;
import io.podnet.spi.Ipam;
import io.podnet.spi.IpamProvider;
import io.podnet.spi.Providers;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The Ipam {@code host-local} with a defect, or with none. */
public final class BrokenIpamProvider implements IpamProvider {
    @Override
    public String name() {
        return "broken";
    }

    @Override
    public Ipam create(Context context) {
        String name = context.options().get(Broken.DEFECT);
        Map<String, String> options = Broken.real(context.options());
        if (IpamDefect.IGNORES_UNKNOWN_OPTIONS.name().equals(name)) {
            options.clear();
        }
        Ipam real = real(context, context.ranges(), options);
        return Stream.of(IpamDefect.values())
                .filter(known -> known.name().equals(name))
                .findFirst()
                .map(defect -> defect.in(real, real(context, context.ranges().subList(0, 1), options)))
                .orElse(real);
    }

    private Ipam real(Context context, List<AddressRangeSet> ranges, Map<String, String> options) {
        return Providers.discover(IpamProvider.class, getClass().getClassLoader())
                .get("host-local")
                .create(new Context(context.network(), ranges, context.stateDirectory(), options, context.cluster()));
    }
}
