package vkernel.host.riscv;

import vkernel.host.engine.Engine;
import vkernel.host.riscv.amd64.NativeEngine;
import vkernel.host.riscv.jit.Translator;

/** Which engine the tests are run with: {@code -Dvkernel.engine=translator}, {@code native} or {@code interpreter}, the default. */
final class Engines {
    private Engines() {}

    static Engine make() {
        return switch (System.getProperty("vkernel.engine", "interpreter")) {
            case "interpreter" -> new Interpreter();
            case "translator" -> new Translator(1, true, !Boolean.getBoolean("vkernel.tlb"));
            case "native" -> new NativeEngine(1, 1 << 20, 64);
            default -> throw new IllegalArgumentException("vkernel.engine is interpreter, translator or native");
        };
    }
}
