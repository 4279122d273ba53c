package vkernel.kern;

import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts a call of {@link Poll#poll} before every backward branch of a class and at the start of every method. Who loads
 * classes decides which: guest.kern those of subsystems that come to a running kernel, the launcher those of a kernel.
 */
public final class PollWeaver {
    private static final ClassDesc POLL = ClassDesc.of("vkernel.kern.Poll");
    private static final MethodTypeDesc VOID = MethodTypeDesc.of(ConstantDescs.CD_void);

    private PollWeaver() {}

    /**
     * A class with polls.
     *
     * @param resources finds class files by name, so that types can be merged without loading them
     * @throws IllegalArgumentException when it cannot be parsed
     */
    public static byte[] woven(byte[] bytes, Function<String, @Nullable InputStream> resources) {
        ClassHierarchyResolver classes = ClassHierarchyResolver.ofResourceParsing(type -> {
                    String name = type.descriptorString();
                    return resources.apply(name.substring(1, name.length() - 1) + ".class");
                })
                .orElse(ClassHierarchyResolver.defaultResolver())
                .cached();
        ClassFile file = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(classes));
        return file.transformClass(
                file.parse(bytes), ClassTransform.transformingMethodBodies(CodeTransform.ofStateful(Polls::new)));
    }

    /** One method's. */
    private static final class Polls implements CodeTransform {
        /** Where the code has been already. */
        private final Set<Label> behind = new HashSet<>();

        @Override
        public void atStart(CodeBuilder code) {
            poll(code);
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            switch (element) {
                case LabelTarget label -> behind.add(label.label());
                case BranchInstruction branch when behind.contains(branch.target()) -> poll(code);
                case TableSwitchInstruction table when backward(table.cases(), table.defaultTarget()) -> poll(code);
                case LookupSwitchInstruction lookup when backward(lookup.cases(), lookup.defaultTarget()) -> poll(code);
                default -> {
                    // goes on
                }
            }
            code.with(element);
        }

        private boolean backward(List<SwitchCase> cases, Label other) {
            return behind.contains(other) || cases.stream().anyMatch(each -> behind.contains(each.target()));
        }

        private static void poll(CodeBuilder code) {
            code.invokestatic(POLL, "poll", VOID);
        }
    }
}
