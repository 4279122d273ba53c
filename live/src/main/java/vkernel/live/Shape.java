package vkernel.live;

import java.io.IOException;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.InnerClassesAttribute;
import java.lang.reflect.AccessFlag;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What other classes of the same bundle were compiled against: everything of a class that is not private, constants
 * included, and no code. When a change leaves it as it was, nothing else needs to be compiled again (JLS, chapter 13).
 */
record Shape(Set<String> parts) {
    private static final int MODIFIERS = ~(ClassFile.ACC_SYNCHRONIZED | ClassFile.ACC_SUPER);

    static Shape of(vkernel.live.ClassFile file) throws IOException {
        ClassModel model = ClassFile.of().parse(file.bytes());
        Set<String> parts = new TreeSet<>();
        parts.add("class " + (model.flags().flagsMask() & MODIFIERS) + ' '
                + model.thisClass().asInternalName()
                + model.superclass().map(type -> " < " + type.asInternalName()).orElse("") + signature(model));
        model.interfaces().forEach(type -> parts.add("implements " + type.asInternalName()));
        model.findAttribute(Attributes.permittedSubclasses())
                .ifPresent(all ->
                        all.permittedSubclasses().forEach(type -> parts.add("permits " + type.asInternalName())));
        String own = model.thisClass().asInternalName() + '$';
        model.findAttribute(Attributes.innerClasses()).map(InnerClassesAttribute::classes).orElse(List.of()).stream()
                .filter(inner -> inner.innerClass().asInternalName().startsWith(own))
                .forEach(inner -> parts.add("inner " + inner.innerClass().asInternalName() + ' ' + inner.flagsMask()));
        model.findAttribute(Attributes.record())
                .ifPresent(all ->
                        all.components().forEach(part -> parts.add("component " + parts.size() + ' ' + part.name())));
        model.fields().forEach(field -> add(parts, field));
        model.methods().forEach(method -> add(parts, method));
        return new Shape(parts);
    }

    private static void add(Set<String> parts, FieldModel field) {
        if (field.flags().has(AccessFlag.PRIVATE)) {
            return;
        }
        String constant = field.findAttribute(Attributes.constantValue())
                .map(value -> " = " + value.constant().constantValue())
                .orElse("");
        parts.add("field " + field.flags().flagsMask() + ' ' + field.fieldType().stringValue() + ' '
                + field.fieldName().stringValue() + signature(field) + constant);
    }

    private static void add(Set<String> parts, MethodModel method) {
        if (method.flags().has(AccessFlag.PRIVATE) || method.flags().has(AccessFlag.SYNTHETIC)) {
            return;
        }
        String thrown = method.findAttribute(Attributes.exceptions())
                .map(all -> " throws " + all.exceptions())
                .orElse("");
        String preset = method.findAttribute(Attributes.annotationDefault())
                .map(value -> " default " + value.defaultValue())
                .orElse("");
        parts.add("method " + (method.flags().flagsMask() & MODIFIERS) + ' '
                + method.methodName().stringValue() + method.methodType().stringValue() + signature(method) + thrown
                + preset);
    }

    private static String signature(AttributedElement element) {
        return element.findAttribute(Attributes.signature())
                .map(generic -> " " + generic.signature().stringValue())
                .orElse("");
    }
}
