package vkernel.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
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
            Pattern.compile("^(?:[\\w ]+: )?(?:syscall\\(SYS_)?(\\w+)[(,].*: (E[A-Z0-9]+)$");

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

    /** The page. @param calls the calls that the kernel does, by name */
    static String text(List<String> calls) throws IOException {
        Map<String, Set<String>> manual = manual();
        Map<String, Set<String>> tested = tested();
        List<ErrorNote> notes = ErrorNote.all();
        Map<ErrorNote.Kind, Integer> counts = new EnumMap<>(ErrorNote.Kind.class);
        int listed = 0;
        int seen = 0;
        int open = 0;
        StringBuilder rows = new StringBuilder();
        for (String call : calls) {
            Set<String> left = new TreeSet<>(manual.getOrDefault(call, Set.of()));
            Set<String> known = tested.getOrDefault(call, Set.of());
            listed += left.size();
            int before = left.size();
            left.removeAll(known);
            seen += before - left.size();
            List<String> noted = new ArrayList<>();
            for (ErrorNote note : notes) {
                Set<String> here = note.of(call, left);
                left.removeAll(here);
                counts.merge(note.kind(), here.size(), Integer::sum);
                if (!here.isEmpty()) {
                    noted.add(String.join(" ", here) + " (" + note.number() + ")");
                }
            }
            open += left.size();
            rows.append("| %s | %s | %s | %s |\n"
                    .formatted(call, String.join(" ", known), String.join(", ", noted), String.join(" ", left)));
        }
        String sum = "%d calls; of %d errors listed %d are tested by guest programs, %d by other tests;"
                .formatted(calls.size(), listed, seen, counts.getOrDefault(ErrorNote.Kind.ELSEWHERE, 0));
        return head(notes)
                + sum
                + " %d are impossible here, %d are gaps, %d nobody knows of.\n\n"
                        .formatted(
                                counts.getOrDefault(ErrorNote.Kind.IMPOSSIBLE, 0),
                                counts.getOrDefault(ErrorNote.Kind.GAP, 0),
                                open)
                + "| call | tested | noted | neither |\n|---|---|---|---|\n"
                + rows;
    }

    /** What notes say of errors that are tested, or that no page lists: they are to go. */
    static List<String> idle(List<String> calls) throws IOException {
        Map<String, Set<String>> manual = manual();
        Map<String, Set<String>> tested = tested();
        List<String> idle = new ArrayList<>();
        for (ErrorNote note : ErrorNote.all()) {
            note.errors().forEach((call, errors) -> {
                Set<String> needed = new TreeSet<>(manual.getOrDefault(call, Set.of()));
                needed.removeAll(tested.getOrDefault(call, Set.of()));
                Set<String> rest = new TreeSet<>(errors);
                rest.removeAll(needed);
                if (!call.equals(ErrorNote.EVERY) && (!rest.isEmpty() || !calls.contains(call))) {
                    idle.add(call + " " + String.join(" ", rest));
                }
            });
        }
        return idle;
    }

    private static String head(List<ErrorNote> notes) {
        StringBuilder head = new StringBuilder("""
                # Errors of system calls

                For each call that the kernel does: which errors guest programs have got, here as on a real riscv64 Linux (`it/guest`,
                most by `errors*.c`), whether or not the manual page lists them; and what the page lists beside, by the number of the
                reason. `ErrorsPageTest` makes this page; the reasons are in `it/src/test/resources/errors/notes.txt`.

                """);
        for (ErrorNote note : notes) {
            head.append("%d. *%s*: %s\n".formatted(note.number(), note.kind().word(), note.reason()));
        }
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
