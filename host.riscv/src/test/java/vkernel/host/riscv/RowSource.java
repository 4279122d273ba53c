package vkernel.host.riscv;

import java.util.List;
import java.util.stream.Stream;

/** All rows of the decode table. */
final class RowSource {
    static final List<Row> WIDE =
            Stream.concat(BaseSet.rows().stream(), FloatSet.rows().stream()).toList();
    static final List<Row> COMPRESSED = CompressedSet.rows();
    static final List<Row> ALL =
            Stream.concat(WIDE.stream(), COMPRESSED.stream()).toList();

    private RowSource() {}
}
