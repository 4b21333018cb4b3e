package io.podnet.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.podnet.api.API;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What {@link API} says of a type, and the conditions that hold it to it. */
final class ApiStatus {
    private ApiStatus() {}

    /** Types that others can name. */
    static final DescribedPredicate<JavaClass> PUBLIC = DescribedPredicate.describe(
            "public types",
            type -> isVisible(type)
                    && !type.getSimpleName().equals("package-info")
                    && type.getEnclosingClass().map(ApiStatus::isVisible).orElse(true));

    static Optional<API.Status> of(JavaClass type) {
        Optional<API> own = type.tryGetAnnotationOfType(API.class);
        if (own.isPresent()) {
            return own.map(API::status);
        }
        return type.getEnclosingClass().isPresent()
                ? of(type.getEnclosingClass().get())
                : type.getPackage().tryGetAnnotationOfType(API.class).map(API::status);
    }

    static ArchCondition<JavaClass> haveAStatus() {
        return new ArchCondition<>("say what users may rely on by @API, or be in a package that does") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                events.add(new SimpleConditionEvent(
                        type,
                        of(type).isPresent(),
                        type.getName() + " has no @API: decide on a status (CONTRIBUTING.md says what each promises)"));
            }
        };
    }

    static ArchCondition<JavaClass> beInARoomThatPromisesNothing() {
        return new ArchCondition<>("be in a package without @API, or with EXPERIMENTAL or INTERNAL") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                Optional<API> room = type.getPackage().tryGetAnnotationOfType(API.class);
                boolean modest = room.map(API::status)
                        .map(status -> status == API.Status.EXPERIMENTAL || status == API.Status.INTERNAL)
                        .orElse(true);
                events.add(new SimpleConditionEvent(
                        type, modest, type.getPackageName() + " gives a promise to types that nobody decided on"));
            }
        };
    }

    static ArchCondition<JavaClass> nameASince() {
        return new ArchCondition<>("say since when, as two numbers") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                Stream.of(
                                type.tryGetAnnotationOfType(API.class),
                                type.getPackage().tryGetAnnotationOfType(API.class))
                        .flatMap(Optional::stream)
                        .forEach(said -> events.add(new SimpleConditionEvent(
                                type,
                                said.since().matches("[0-9]+\\.[0-9]+"),
                                type.getName() + " is " + said.status() + " since '" + said.since() + "'")));
            }
        };
    }

    /** A promise is worth no more than the types that it is made of. */
    static ArchCondition<JavaClass> mentionOnlyWhatIsPromised() {
        return new ArchCondition<>("have no type in their signatures that is INTERNAL or EXPERIMENTAL") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (JavaClass mentioned : mentioned(type)) {
                    Optional<API.Status> status = of(mentioned);
                    boolean promised = status.isEmpty() || status.get() == API.Status.STABLE;
                    events.add(new SimpleConditionEvent(
                            type, promised, type.getName() + " is STABLE and mentions " + mentioned.getName()));
                }
            }
        };
    }

    private static Set<JavaClass> mentioned(JavaClass type) {
        Set<JavaClass> found = new LinkedHashSet<>(type.getAllRawInterfaces());
        found.addAll(type.getAllRawSuperclasses());
        for (JavaMember member : type.getMembers()) {
            Set<JavaModifier> modifiers = member.getModifiers();
            boolean visible = modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
            if (visible
                    && !modifiers.contains(JavaModifier.SYNTHETIC)
                    && member.tryGetAnnotationOfType(API.class).isEmpty()) {
                found.addAll(member.getAllInvolvedRawTypes());
            }
        }
        found.removeIf(other -> !other.getPackageName().startsWith("io.podnet."));
        return found;
    }

    private static boolean isVisible(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                || type.getModifiers().contains(JavaModifier.PROTECTED);
    }
}
