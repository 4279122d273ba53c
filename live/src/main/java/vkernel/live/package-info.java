/**
 * Hot reload from source (of the kind of JRebel or Erlang's sync; Linux has livepatch, which needs a build). Here: from
 * a saved file to a bundle in memory. Not here: how a bundle takes over a running subsystem ({@link vkernel.kern.Swaps}),
 * and commands (shell).
 *
 * <p>A {@link vkernel.live.FolderWatch} waits for the host's file system (inotify on Linux; elsewhere the JDK polls, and
 * a reload comes seconds later), a {@link vkernel.live.Workshop} makes a bundle of what it finds: {@link
 * vkernel.live.Compiler}, then {@link vkernel.live.Bundler}. Sources are compiled against exactly what this framework
 * exports ({@link vkernel.live.ClassPath}), so what compiles resolves. A folder's classes are made by one thread, its
 * watch's; nothing is shared between folders but the class path.
 */
@NullMarked
package vkernel.live;

import org.jspecify.annotations.NullMarked;
