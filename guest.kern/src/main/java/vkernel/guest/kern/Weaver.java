package vkernel.guest.kern;

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
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.framework.hooks.weaving.WovenClass;
import org.osgi.framework.wiring.BundleWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the loops of later providers end when the watchdog says so: puts a call of {@link vkernel.kern.Poll#poll} before
 * every backward branch and at the start of every method. Bundles of the composition are left as they are.
 */
final class Weaver implements WeavingHook {
    private static final Logger LOG = LoggerFactory.getLogger(Weaver.class);
    private static final ClassDesc POLL = ClassDesc.of("vkernel.kern.Poll");
    private static final MethodTypeDesc VOID = MethodTypeDesc.of(ConstantDescs.CD_void);

    /** Bundles changed after this are woven; milliseconds since 1970. */
    private volatile long since = Long.MAX_VALUE;

    /** The kernel is put together: who comes from now on is new. */
    void weaveWhatComesNow() {
        since = System.currentTimeMillis();
    }

    @Override
    public void weave(WovenClass woven) {
        BundleWiring wiring = woven.getBundleWiring();
        if (wiring.getBundle().getLastModified() <= since || !ofTheKernel(wiring)) {
            return;
        }
        try {
            woven.setBytes(woven(woven.getBytes(), wiring));
            if (!woven.getDynamicImports().contains("vkernel.kern")) {
                woven.getDynamicImports().add("vkernel.kern");
            }
        } catch (IllegalArgumentException e) {
            LOG.warn("{} cannot be woven: a loop of it that does not end cannot be ended", woven.getClassName(), e);
        }
    }

    /** Whether a bundle has to do with the kernel at all. */
    private static boolean ofTheKernel(BundleWiring wiring) {
        return wiring.getRequiredWires("osgi.wiring.package").stream()
                .anyMatch(wire -> String.valueOf(
                                wire.getCapability().getAttributes().get("osgi.wiring.package"))
                        .startsWith("vkernel."));
    }

    static byte[] woven(byte[] bytes, BundleWiring wiring) {
        return woven(bytes, resource -> wiring.getClassLoader().getResourceAsStream(resource));
    }

    /** @param resources finds class files by name, so that types can be merged without loading them */
    static byte[] woven(byte[] bytes, java.util.function.Function<String, InputStream> resources) {
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
