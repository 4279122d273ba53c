package vkernel.host.riscv.jit;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import vkernel.host.riscv.Memory;

/**
 * Raw accesses in generated code: straight calls of the JDK's own {@code jdk.internal.misc.Unsafe}, each an instruction
 * for all of HotSpot's compilers. {@link sun.misc.Unsafe} is three methods around each of them, which HotSpot inlines and
 * profiles one by one: the first compiler's code of a region is four times as large then. It is what there is where the
 * JDK's own cannot be had.
 */
@SuppressWarnings("removal")
final class RawCode {
    private static final boolean INTERNAL = exported();
    private static final ClassDesc UNSAFE = ClassDesc.of(INTERNAL ? "jdk.internal.misc.Unsafe" : "sun.misc.Unsafe");
    /** The field of a generated class that holds it. */
    private static final String FIELD = "memory";

    private final CodeBuilder b;
    private final ClassDesc self;

    /** @param self the class under construction */
    RawCode(CodeBuilder b, ClassDesc self) {
        this.b = b;
        this.self = self;
    }

    /** Exports the package to us as {@code --add-exports} would, which costs the JVM's start its archived modules. */
    private static boolean exported() {
        try {
            Class<?> unsafe = Class.forName("jdk.internal.misc.Unsafe", false, RawCode.class.getClassLoader());
            Field field = MethodHandles.Lookup.class.getDeclaredField("IMPL_LOOKUP");
            MethodHandles.Lookup trusted = (MethodHandles.Lookup) Memory.UNSAFE.getObject(
                    Memory.UNSAFE.staticFieldBase(field), Memory.UNSAFE.staticFieldOffset(field));
            trusted.findVirtual(
                            Module.class,
                            "implAddExports",
                            MethodType.methodType(void.class, String.class, Module.class))
                    .invoke(unsafe.getModule(), unsafe.getPackageName(), RawCode.class.getModule());
            return true;
        } catch (Throwable e) {
            return false;
        }
    }

    /** Gives a class what its accesses are called on. */
    static void field(ClassBuilder c) {
        c.withField(FIELD, UNSAFE, ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
    }

    /** Sets that field, in the class's initializer. */
    static void initialize(CodeBuilder b, ClassDesc self) {
        if (INTERNAL) b.invokestatic(UNSAFE, "getUnsafe", MethodTypeDesc.of(UNSAFE));
        else b.getstatic(Body.desc(Memory.class), "UNSAFE", UNSAFE);
        b.putstatic(self, FIELD, UNSAFE);
    }

    /** Pushes what comes before the address of an access. */
    void begin() {
        b.getstatic(self, FIELD, UNSAFE);
        if (INTERNAL) b.aconst_null();
    }

    /** An access to the address on the stack. @param values what is behind it there */
    void access(String name, ClassDesc result, ClassDesc... values) {
        List<ClassDesc> parameters = new ArrayList<>();
        if (INTERNAL) parameters.add(CD_Object);
        parameters.add(CD_long);
        parameters.addAll(List.of(values));
        b.invokevirtual(UNSAFE, name, MethodTypeDesc.of(result, parameters));
    }
}
