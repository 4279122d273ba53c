package vkernel.kern;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.MethodBuilder;
import java.lang.classfile.MethodElement;
import java.lang.classfile.attribute.StackMapTableAttribute;
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
     * A class with polls. A call without operands changes no frame, so those of the class file are kept and only their
     * places change: what comes out depends on nothing but what goes in, and no other class is looked at.
     *
     * @throws IllegalArgumentException when it cannot be parsed
     */
    public static byte[] woven(byte[] bytes) {
        ClassFile file = ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS);
        return file.transformClass(file.parse(bytes), ClassTransform.transformingMethods(PollWeaver::weave));
    }

    private static void weave(MethodBuilder method, MethodElement element) {
        if (element instanceof CodeModel code) {
            StackMapTableAttribute frames =
                    code.findAttribute(Attributes.stackMapTable()).orElse(null);
            method.transformCode(code, CodeTransform.ofStateful(() -> new Polls(frames)));
        } else {
            method.with(element);
        }
    }

    /** One method's. */
    private static final class Polls implements CodeTransform {
        /** Where the code has been already. */
        private final Set<Label> behind = new HashSet<>();

        private final @Nullable StackMapTableAttribute frames;

        Polls(@Nullable StackMapTableAttribute frames) {
            this.frames = frames;
        }

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

        @Override
        public void atEnd(CodeBuilder code) {
            if (frames != null) {
                code.with(frames);
            }
        }

        private boolean backward(List<SwitchCase> cases, Label other) {
            return behind.contains(other) || cases.stream().anyMatch(each -> behind.contains(each.target()));
        }

        private static void poll(CodeBuilder code) {
            code.invokestatic(POLL, "poll", VOID);
        }
    }
}
