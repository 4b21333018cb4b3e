package io.podnet.released;

import io.podnet.api.API;
import java.util.Optional;
import javassist.ClassPool;
import javassist.CtBehavior;
import javassist.CtClass;
import javassist.CtField;
import javassist.CtMember;
import javassist.NotFoundException;
import javassist.bytecode.AnnotationsAttribute;
import javassist.bytecode.AttributeInfo;
import javassist.bytecode.annotation.EnumMemberValue;
import org.jspecify.annotations.Nullable;

/** What {@code @API} says in class files of one version: a type's own word, its outer type's, its package's. */
final class Statuses {
    private final ClassPool classes;

    Statuses(ClassPool classes) {
        this.classes = classes;
    }

    /** A type's. Without a word it is promised to nobody. */
    API.Status of(CtClass type) {
        Optional<API.Status> own = said(type.getClassFile2().getAttribute(AnnotationsAttribute.visibleTag));
        if (own.isPresent()) {
            return own.get();
        }
        try {
            CtClass outer = type.getDeclaringClass();
            if (outer != null) {
                return of(outer);
            }
            CtClass room = classes.getOrNull(type.getPackageName() + ".package-info");
            return Optional.ofNullable(room)
                    .flatMap(info -> said(info.getClassFile2().getAttribute(AnnotationsAttribute.visibleTag)))
                    .orElse(API.Status.INTERNAL);
        } catch (NotFoundException e) {
            throw new IllegalStateException("the jars lack the type around " + type.getName(), e);
        }
    }

    /** A member's, or where it says nothing, or is new, its type's. */
    API.Status of(Optional<? extends CtMember> member, API.Status type) {
        return member.flatMap(found -> said(attribute(found))).orElse(type);
    }

    private static @Nullable AttributeInfo attribute(CtMember member) {
        return member instanceof CtField field
                ? field.getFieldInfo2().getAttribute(AnnotationsAttribute.visibleTag)
                : ((CtBehavior) member).getMethodInfo2().getAttribute(AnnotationsAttribute.visibleTag);
    }

    private static Optional<API.Status> said(@Nullable AttributeInfo attribute) {
        return Optional.ofNullable((AnnotationsAttribute) attribute)
                .map(annotations -> annotations.getAnnotation(API.class.getName()))
                .map(annotation -> (EnumMemberValue) annotation.getMemberValue("status"))
                .map(value -> API.Status.valueOf(value.getValue()));
    }
}
