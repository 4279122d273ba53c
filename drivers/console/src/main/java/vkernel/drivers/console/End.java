package vkernel.drivers.console;

import org.jspecify.annotations.Nullable;
import vkernel.fs.IoBuffer;
import vkernel.fs.OpenFile;
import vkernel.task.Task;

/** What an open file of this driver reads and writes; see {@link vkernel.fs.FileOps} for the results. */
sealed interface End permits TtyPort, StreamPort, PtyMaster {
    long read(Task task, OpenFile file, IoBuffer to);

    long write(Task task, OpenFile file, IoBuffer from);

    int poll(OpenFile file, @Nullable Task waiter);
}
