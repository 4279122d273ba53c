package vkernel.kern;

import java.util.List;

/**
 * A program to be started from outside.
 *
 * @param argv program and arguments; a name without a slash is looked up in PATH of {@code env}. None: a process without
 *     a program, whose leader is a {@link vkernel.task.Client}
 * @param env {@code NAME=VALUE}
 * @param cwd working directory
 * @param in host channel for standard input; one that is a terminal becomes the controlling terminal of a new session
 * @param out host channel for standard output
 * @param err host channel for standard error
 */
public record Spawn(List<String> argv, List<String> env, String cwd, String in, String out, String err) {
    public Spawn {
        argv = List.copyOf(argv);
        env = List.copyOf(env);
    }
}
