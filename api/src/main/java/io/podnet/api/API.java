package io.podnet.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What users may rely on. On a type it holds for its members and for the types inside it, unless they say otherwise; on a
 * package, where it can only be {@link Status#EXPERIMENTAL} or {@link Status#INTERNAL}, for its types that say nothing. So a
 * promise is always made by the type itself. On a provider's class it is the status of the provider's name and options too.
 *
 * <p>What each status promises is in CONTRIBUTING.md; the build compares every type with the last release by it.
 */
@API(status = API.Status.STABLE, since = "0.1")
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.CONSTRUCTOR, ElementType.FIELD, ElementType.PACKAGE})
public @interface API {
    /**
     * Says how much of a promise there is.
     *
     * @return the status
     */
    Status status();

    /**
     * Says since which release the status holds.
     *
     * @return a version of two numbers, for example {@code 0.1}
     */
    String since();

    /** How much of a promise there is. */
    enum Status {
        /** Code that compiles and runs with it goes on to, until the next release that may break, and is told before. */
        STABLE,
        /** To be used and judged; any release may change it, and the changelog says so. */
        EXPERIMENTAL,
        /** Public only because other rooms of Podnet need it; not to be used by others. */
        INTERNAL,
        /** Was {@link #STABLE}, and will be removed; its Javadoc names what takes its place and the release that removes it. */
        DEPRECATED
    }
}
