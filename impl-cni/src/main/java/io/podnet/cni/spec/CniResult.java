package io.podnet.cni.spec;

import java.util.List;
import java.util.Objects;

/**
 * What a plugin answers to ADD: SPEC.md section 5. One value for all versions; conversion to an older one drops what that one
 * cannot say, as libcni's does.
 *
 * @param version the version in which it is written
 * @param interfaces the interfaces, none before 0.3.0
 * @param ips the addresses; before 0.3.0 at most one of a family
 * @param routes the routes
 * @param dns the settings of name resolution
 */
public record CniResult(
        CniVersion version, List<CniInterface> interfaces, List<CniIp> ips, List<CniRoute> routes, CniDns dns) {
    public CniResult {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(dns, "dns");
        interfaces = List.copyOf(interfaces);
        ips = List.copyOf(ips);
        routes = List.copyOf(routes);
    }

    /**
     * Reads a result in the version that it names.
     *
     * @param json the object
     * @param missing the version where it names none: the configuration's, since old plugins forget it
     *     (containernetworking/cni #895)
     * @return the result
     * @throws CniException with code 1 where the version is unknown, with code 6 where it is no result
     */
    public static CniResult read(JsonObject json, CniVersion missing) {
        return ResultReader.read(json, missing);
    }

    /**
     * Converts to another version.
     *
     * @param other the version
     * @return the result in that version
     * @throws CniException with code 1 where that version needs an address and there is none
     */
    public CniResult as(CniVersion other) {
        return version == other ? this : ResultConversion.convert(this, other);
    }

    /**
     * Writes the result in its version.
     *
     * @return the object for standard output and for {@code prevResult}
     */
    public JsonObject toJson() {
        return ResultWriter.write(this);
    }
}
