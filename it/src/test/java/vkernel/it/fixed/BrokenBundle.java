package vkernel.it.fixed;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A bundle of the composition with one method that does nothing but throw, or loop, or wait for ever, or wait past ending. */
record BrokenBundle(String bundle, String type, String method, How how) {
    static final String WHY = "broken on purpose";
    /** The system property whose value is the lock that {@link How#STICKS} waits for. */
    static final String GATE = "vkernel.it.gate";

    enum How {
        THROWS,
        LOOPS,
        WAITS,
        /** Waits for a lock within the JDK, where nothing ends it: neither an interrupt nor a poll. */
        STICKS
    }

    /** With another method that throws. */
    static BrokenBundle of(String bundle, String method) {
        int dot = method.lastIndexOf('.');
        return new BrokenBundle(bundle, method.substring(0, dot), method.substring(dot + 1), How.THROWS);
    }

    BrokenBundle that(How other) {
        return new BrokenBundle(bundle, type, method, other);
    }

    /** @param imports a package that it needs besides; empty for none */
    Path write(Path folder, String imports) throws IOException {
        Path jar = Path.of(System.getProperty("vkernel.home"), "bundles", bundle + ".jar");
        Path made = Files.createTempFile(folder, bundle, ".jar");
        String entry = "vkernel/" + bundle.replace('.', '/') + "/" + type.replace('.', '/') + ".class";
        try (JarFile in = new JarFile(jar.toFile())) {
            Manifest manifest = in.getManifest();
            if (!imports.isEmpty()) {
                manifest.getMainAttributes().putValue("Import-Package", imports);
            }
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(made), manifest)) {
                for (JarEntry each : Collections.list(in.entries())) {
                    if (!each.getName().equals(JarFile.MANIFEST_NAME)) {
                        byte[] bytes = in.getInputStream(each).readAllBytes();
                        out.putNextEntry(new JarEntry(each.getName()));
                        out.write(each.getName().equals(entry) ? broken(bytes) : bytes);
                    }
                }
            }
        }
        return made;
    }

    private byte[] broken(byte[] bytes) {
        ClassFile file = ClassFile.of();
        return file.transformClass(
                file.parse(bytes),
                ClassTransform.transformingMethodBodies(
                        each -> each.methodName().equalsString(method),
                        CodeTransform.ofStateful(() -> new Broken(how))));
    }

    /** Nothing of what it did is left. */
    private record Broken(How how) implements CodeTransform {
        private static final ClassDesc BUG = ClassDesc.of("java.lang.IllegalStateException");
        private static final ClassDesc LOCK = ClassDesc.of("java.util.concurrent.locks.Lock");
        private static final ClassDesc PROPERTIES = ClassDesc.of("java.util.Properties");
        private static final ClassDesc SUPPORT = ClassDesc.of("java.util.concurrent.locks.LockSupport");

        @Override
        public void atStart(CodeBuilder code) {
            switch (how) {
                case THROWS -> throwing(code);
                case LOOPS -> looping(code);
                case WAITS -> waiting(code);
                case STICKS -> sticking(code);
            }
        }

        private static void throwing(CodeBuilder code) {
            code.new_(BUG)
                    .dup()
                    .loadConstant(WHY)
                    .invokespecial(
                            BUG,
                            ConstantDescs.INIT_NAME,
                            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String))
                    .athrow();
        }

        private static void looping(CodeBuilder code) {
            Label again = code.newBoundLabel();
            code.goto_(again);
        }

        private static void waiting(CodeBuilder code) {
            Label again = code.newBoundLabel();
            code.invokestatic(SUPPORT, "park", MethodTypeDesc.of(ConstantDescs.CD_void))
                    .goto_(again);
        }

        private static void sticking(CodeBuilder code) {
            code.invokestatic(ClassDesc.of("java.lang.System"), "getProperties", MethodTypeDesc.of(PROPERTIES))
                    .loadConstant(GATE)
                    .invokevirtual(
                            PROPERTIES, "get", MethodTypeDesc.of(ConstantDescs.CD_Object, ConstantDescs.CD_Object))
                    .checkcast(LOCK)
                    .invokeinterface(LOCK, "lock", MethodTypeDesc.of(ConstantDescs.CD_void));
            throwing(code);
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            // left out
        }
    }
}
