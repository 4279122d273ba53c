package vkernel.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * docs/errors.md: for each system call the errors that its manual page lists, and which of them a guest program has got,
 * here and on a real Linux (what {@code guest/*.expected} says, line by line {@code call(arguments): ERROR}).
 */
final class ErrorsPage {
    private static final Path GUEST = Path.of("guest");
    private static final Path MANUAL = Path.of("src/test/resources/errors/man.txt");
    private static final Pattern FACT =
            Pattern.compile("^(?:not root: )?(?:syscall\\(SYS_)?(\\w+)[(,].*: (E[A-Z0-9]+)$");

    /** What the C library's functions call. */
    private static final Map<String, String> CALLS = Map.ofEntries(
            Map.entry("open", "openat"),
            Map.entry("mkdir", "mkdirat"),
            Map.entry("mkfifo", "mknodat"),
            Map.entry("mknod", "mknodat"),
            Map.entry("unlink", "unlinkat"),
            Map.entry("rmdir", "unlinkat"),
            Map.entry("symlink", "symlinkat"),
            Map.entry("link", "linkat"),
            Map.entry("rename", "renameat2"),
            Map.entry("readlink", "readlinkat"),
            Map.entry("access", "faccessat"),
            Map.entry("chmod", "fchmodat"),
            Map.entry("chown", "fchownat"),
            Map.entry("lchown", "fchownat"),
            Map.entry("stat", "newfstatat"),
            Map.entry("lstat", "newfstatat"),
            Map.entry("pipe", "pipe2"),
            Map.entry("dup2", "dup3"),
            Map.entry("fork", "clone"),
            Map.entry("waitpid", "wait4"),
            Map.entry("wait", "wait4"),
            Map.entry("poll", "ppoll"),
            Map.entry("select", "pselect6"),
            Map.entry("epoll_create", "epoll_create1"),
            Map.entry("epoll_wait", "epoll_pwait"),
            Map.entry("eventfd", "eventfd2"),
            Map.entry("signalfd", "signalfd4"),
            Map.entry("inotify_init", "inotify_init1"),
            Map.entry("send", "sendto"),
            Map.entry("recv", "recvfrom"),
            Map.entry("pread", "pread64"),
            Map.entry("pwrite", "pwrite64"),
            Map.entry("sigaction", "rt_sigaction"),
            Map.entry("sigprocmask", "rt_sigprocmask"),
            Map.entry("sigsuspend", "rt_sigsuspend"),
            Map.entry("sigtimedwait", "rt_sigtimedwait"),
            Map.entry("sigqueue", "rt_sigqueueinfo"),
            Map.entry("prlimit", "prlimit64"),
            Map.entry("umount", "umount2"));

    /** Errors for which nothing here can be the cause, whatever the call. */
    private static final Map<String, String> IMPOSSIBLE = Map.of(
            "EDQUOT", "there are no quotas",
            "ENOSYS", "the call is there",
            "ENOLINK", "no file system is remote",
            "EREMOTEIO", "no file system is remote",
            "EUSERS", "there are no user namespaces",
            "EHWPOISON", "memory does not fail",
            "ERESTARTNOINTR", "never leaves a kernel",
            "EPROTO", "no firewall takes part",
            "ENONET", "there is no network to be without",
            "EISNAM", "there is no IPX");

    /** The page. @param calls the calls that the kernel does, by name */
    static String text(List<String> calls) throws IOException {
        Map<String, Set<String>> manual = manual();
        Map<String, Set<String>> tested = tested();
        StringBuilder page = new StringBuilder(head());
        int listed = 0;
        int seen = 0;
        int impossible = 0;
        StringBuilder rows = new StringBuilder();
        for (String call : calls) {
            Set<String> open = new TreeSet<>(manual.getOrDefault(call, Set.of()));
            Set<String> known = tested.getOrDefault(call, Set.of());
            listed += open.size();
            int before = open.size();
            open.removeAll(known);
            seen += before - open.size();
            before = open.size();
            open.removeAll(IMPOSSIBLE.keySet());
            impossible += before - open.size();
            rows.append("| %s | %s | %s |\n".formatted(call, String.join(" ", known), String.join(" ", open)));
        }
        page.append("%d calls; of %d errors listed %d are tested, %d impossible, %d neither.\n\n"
                .formatted(calls.size(), listed, seen, impossible, listed - seen - impossible));
        return page.append("| call | tested | listed, but neither tested nor impossible |\n|---|---|---|\n")
                .append(rows)
                .toString();
    }

    private static String head() {
        StringBuilder head = new StringBuilder("""
                # Errors of system calls

                For each call that the kernel does: which errors guest programs have got, here as on a real riscv64 Linux (`it/guest`,
                most by `errors.c`), whether or not the manual page lists them; and what the page lists beside. Memory that is short,
                interrupted calls and limits have tests of their own (`vkernel.it.robust`, `sigrestart.c`), which are not counted here.
                `ErrorsPageTest` makes this page.

                Impossible here, whatever the call:

                """);
        new TreeMap<>(IMPOSSIBLE).forEach((error, why) -> head.append("- %s: %s\n".formatted(error, why)));
        return head.append('\n').toString();
    }

    private static Map<String, Set<String>> manual() throws IOException {
        Map<String, Set<String>> errors = new TreeMap<>();
        for (String line : Files.readAllLines(MANUAL)) {
            List<String> words = List.of(line.split(" "));
            errors.put(words.getFirst(), new TreeSet<>(words.subList(1, words.size())));
        }
        return errors;
    }

    private static Map<String, Set<String>> tested() throws IOException {
        Map<String, Set<String>> errors = new TreeMap<>();
        try (Stream<Path> files = Files.list(GUEST)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".expected")).toList()) {
                for (String line : Files.readAllLines(file)) {
                    Matcher fact = FACT.matcher(line);
                    if (fact.matches()) {
                        String call = CALLS.getOrDefault(fact.group(1), fact.group(1));
                        errors.computeIfAbsent(call, none -> new TreeSet<>()).add(fact.group(2));
                    }
                }
            }
        }
        return errors;
    }

    private ErrorsPage() {}
}
