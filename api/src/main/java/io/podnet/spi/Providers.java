package io.podnet.spi;

import io.podnet.api.API;
import io.podnet.api.Names;
import io.podnet.api.PodnetException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds a provider by name. ServiceLoader's order is undefined, so the name decides, as in kubelet's plugin list; two
 * providers of one name are refused with both class names, a missing one is named together with those that are there. A
 * provider that cannot be loaded does not hide the others.
 *
 * @param <P> the provider interface
 */
@API(status = API.Status.STABLE, since = "0.1")
public final class Providers<P extends Provider> {
    private static final int API_VERSION = 1;

    private final String what;
    private final Map<String, P> byName;
    private final List<String> broken;

    private Providers(String what, Map<String, P> byName, List<String> broken) {
        this.what = what;
        this.byName = byName;
        this.broken = broken;
    }

    /**
     * Discovers all providers of an interface.
     *
     * @param <P> the provider interface
     * @param type the provider interface
     * @param loader where to look
     * @return what was found
     * @throws PodnetException.Conflict where two have the same name
     */
    public static <P extends Provider> Providers<P> discover(Class<P> type, ClassLoader loader) {
        Map<String, P> byName = new TreeMap<>();
        List<String> broken = new ArrayList<>();
        Iterator<P> found = ServiceLoader.load(type, loader).iterator();
        while (true) {
            try {
                if (!found.hasNext()) {
                    break;
                }
                add(type, byName, broken, found.next());
            } catch (PodnetException.Conflict e) {
                throw e;
            } catch (ServiceConfigurationError e) {
                broken.add(e.getCause() == null ? e.getMessage() : e.getMessage() + ": " + e.getCause());
            } catch (LinkageError | RuntimeException e) {
                // ServiceLoader passes on what a class file of a newer Java or a missing superclass throws.
                broken.add(e.toString());
            }
        }
        return new Providers<>(type.getSimpleName(), byName, broken);
    }

    private static <P extends Provider> void add(Class<P> type, Map<String, P> byName, List<String> broken, P next) {
        String name = Names.cniId("provider name of " + next.getClass().getName(), next.name());
        if (next.apiVersion() != API_VERSION) {
            broken.add(next.getClass().getName() + " was written for version " + next.apiVersion()
                    + " of the interfaces, this is version " + API_VERSION);
            return;
        }
        P other = byName.putIfAbsent(name, next);
        if (other != null && other.getClass() != next.getClass()) {
            throw new PodnetException.Conflict("two providers of " + type.getSimpleName() + " are named '" + name
                    + "': " + other.getClass().getName() + " and "
                    + next.getClass().getName()
                    + "; remove one from the class path");
        }
    }

    /**
     * Gives a provider.
     *
     * @param name its name
     * @return the provider
     * @throws PodnetException.NotFound where there is none of that name; the message lists those that are there
     */
    public P get(String name) {
        P provider = byName.get(name);
        if (provider == null) {
            throw new PodnetException.NotFound("no " + what + " is named '" + name + "'; found: "
                    + (byName.isEmpty() ? "none" : String.join(", ", byName.keySet()))
                    + (broken.isEmpty() ? "" : "; could not be loaded: " + String.join("; ", broken))
                    + ". Add the artifact that has it to the class path");
        }
        return provider;
    }

    /**
     * Takes what a provider gave, whose fault it is where that is nothing.
     *
     * @param <T> what it was asked for
     * @param provider who gave it
     * @param made what it gave; null is refused
     * @return the same
     * @throws PodnetException.Invalid where it gave null
     */
    public static <T> T required(Provider provider, @Nullable T made) {
        if (made == null) {
            throw new PodnetException.Invalid("provider '" + provider.name() + "', "
                    + provider.getClass().getName()
                    + ", gave null instead of what it was asked for; choose another one, and tell its maker");
        }
        return made;
    }

    /**
     * Lists what was found.
     *
     * @return the names, sorted
     */
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }
}
