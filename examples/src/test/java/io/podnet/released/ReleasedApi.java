package io.podnet.released;

import io.podnet.api.API;
import japicmp.cmp.JApiCmpArchive;
import japicmp.cmp.JarArchiveComparator;
import japicmp.cmp.JarArchiveComparatorOptions;
import japicmp.cmp.JarArchiveComparatorOptions.ClassPathMode;
import japicmp.cmp.JarArchiveComparatorOptions.OverrideCompatibilityChange;
import japicmp.model.AccessModifier;
import japicmp.model.JApiBehavior;
import japicmp.model.JApiClass;
import japicmp.model.JApiCompatibility;
import japicmp.model.JApiCompatibilityChange;
import japicmp.model.JApiCompatibilityChangeType;
import japicmp.model.JApiField;
import japicmp.model.JApiMethod;
import japicmp.model.JApiSemanticVersionLevel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javassist.CtClass;
import javassist.Modifier;
import javassist.NotFoundException;

/** The types of a release, and what became of them. */
final class ReleasedApi {
    private final List<JApiClass> types;
    private final Statuses released;
    private final Statuses now;

    private ReleasedApi(JarArchiveComparator comparator, List<JApiClass> types) {
        this.types = types;
        released = new Statuses(comparator.getOldClassPool());
        now = new Statuses(comparator.getNewClassPool());
    }

    /**
     * Reads both.
     *
     * @param released the release's jars
     * @param now the jars of now
     */
    static ReleasedApi of(List<Path> released, List<Path> now) {
        JarArchiveComparatorOptions options = new JarArchiveComparatorOptions();
        options.setAccessModifier(AccessModifier.PROTECTED);
        options.setClassPathMode(ClassPathMode.TWO_SEPARATE_CLASSPATHS);
        // What others' types are made of is theirs to keep.
        options.getIgnoreMissingClasses().setIgnoreAllMissingClasses(true);
        // JLS 13.5.7: no existing implementation breaks.
        options.addOverrideCompatibilityChange(new OverrideCompatibilityChange(
                JApiCompatibilityChangeType.METHOD_ABSTRACT_NOW_DEFAULT, true, true, JApiSemanticVersionLevel.MINOR));
        JarArchiveComparator comparator = new JarArchiveComparator(options);
        return new ReleasedApi(comparator, comparator.compare(archives(released), archives(now)));
    }

    private static List<JApiCmpArchive> archives(List<Path> jars) {
        return jars.stream()
                .map(jar -> new JApiCmpArchive(jar.toFile(), "n.a."))
                .collect(Collectors.toList());
    }

    /** How many types the release had with a status, those inside others too. */
    long count(API.Status status) {
        return types.stream()
                .flatMap(type -> type.getOldClass().stream())
                .filter(type -> isVisible(type) && released.of(type) == status)
                .count();
    }

    /** What became incompatible, apart from what was never promised to anybody. */
    SortedSet<Difference> differences() {
        SortedSet<Difference> found = new TreeSet<>();
        for (JApiClass type : types) {
            Optional<CtClass> old = type.getOldClass();
            if (old.isPresent() && isVisible(old.get()) && released.of(old.get()) != API.Status.INTERNAL) {
                compare(type, released.of(old.get()), found);
            }
        }
        return found;
    }

    private static boolean isVisible(CtClass type) {
        try {
            CtClass outer = type.getDeclaringClass();
            boolean own = Modifier.isPublic(type.getModifiers()) || Modifier.isProtected(type.getModifiers());
            return own && (outer == null || isVisible(outer));
        } catch (NotFoundException e) {
            throw new IllegalStateException("the jars lack the type around " + type.getName(), e);
        }
    }

    private void compare(JApiClass type, API.Status status, SortedSet<Difference> found) {
        String name = type.getFullyQualifiedName();
        add(found, status, name, type);
        add(found, status, name, type.getSuperclass());
        type.getInterfaces().forEach(parent -> add(found, status, name, parent));
        type.getGenericTemplates().forEach(template -> add(found, status, name, template));
        for (JApiField field : type.getFields()) {
            add(found, released.of(field.getOldFieldOptional(), status), name + "#" + field.getName(), field);
        }
        type.getConstructors()
                .forEach(constructor ->
                        compare(constructor, released.of(constructor.getOldConstructor(), status), name, found));
        for (JApiMethod method : type.getMethods()) {
            API.Status own = released.of(method.getOldMethod(), status);
            compare(method, own, name, found);
            add(found, own, element(name, method), method.getReturnType());
        }
        Optional<CtClass> current = type.getNewClass();
        if (status == API.Status.STABLE
                && current.isPresent()
                && now.of(current.get()) != API.Status.STABLE
                && now.of(current.get()) != API.Status.DEPRECATED) {
            found.add(new Difference(status, name, Difference.STATUS_LOWERED));
        }
    }

    private static void compare(JApiBehavior behavior, API.Status status, String type, SortedSet<Difference> found) {
        String element = element(type, behavior);
        add(found, status, element, behavior);
        behavior.getParameters().forEach(parameter -> add(found, status, element, parameter));
    }

    private static String element(String type, JApiBehavior behavior) {
        return type + "#" + behavior.getName().replaceAll(".*\\$", "")
                + behavior.getParameters().stream()
                        .map(parameter -> parameter.getType().replaceAll("[\\w.]*\\.", ""))
                        .collect(Collectors.joining(",", "(", ")"));
    }

    private static void add(
            SortedSet<Difference> found, API.Status status, String element, JApiCompatibility compatibility) {
        for (JApiCompatibilityChange change : compatibility.getCompatibilityChanges()) {
            if (status != API.Status.INTERNAL && !(change.isBinaryCompatible() && change.isSourceCompatible())) {
                found.add(new Difference(status, element, change.getType().name()));
            }
        }
    }
}
