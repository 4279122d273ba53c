package vkernel.net;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.fs.OpenFile;

/**
 * What goes with a message of a Unix socket.
 *
 * @param files open files on their way (SCM_RIGHTS); one reference of each is held here. Emptied when they are taken
 * @param sender who sent it (SCM_CREDENTIALS); null when nobody had asked for that
 */
public record Ancillary(List<OpenFile> files, @Nullable Ucred sender) {}
