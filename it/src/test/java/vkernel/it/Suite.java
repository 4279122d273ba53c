package vkernel.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A list of commands with what a real Linux answered; the format is described in it/README.md.
 *
 * @param packages the Debian packages of the root
 * @param before run once in each fresh kernel; empty for nothing
 * @param argv what is run; a case's command becomes one more argument
 */
record Suite(String name, List<String> packages, String before, List<String> argv, List<Case> cases) {
    /** @param line of the suite's file, where the command begins */
    record Case(String name, int line, String command, String output, int status) {}

    static Suite read(Path file) throws IOException {
        return new Reader(Files.readAllLines(file))
                .read(file.getFileName().toString().replace(".txt", ""));
    }

    private static final class Reader {
        private final List<String> lines;
        private final List<Case> cases = new ArrayList<>();
        private List<String> packages = List.of();
        private List<String> argv = List.of();
        private String before = "";
        private String comment = "";
        private int at;

        Reader(List<String> lines) {
            this.lines = lines;
        }

        Suite read(String name) {
            while (at < lines.size()) {
                String line = lines.get(at);
                if (line.startsWith("# ")) {
                    comment = line.substring(2);
                } else if (line.startsWith("@ root ")) {
                    packages = List.of(line.substring(7).trim().split("\\s+"));
                } else if (line.startsWith("@ before ")) {
                    before = withMore(line.substring(9));
                    continue;
                } else if (line.startsWith("@ argv ")) {
                    argv = List.of(line.substring(7).trim().split("\\s+"));
                } else if (line.startsWith("$ ")) {
                    cases.add(oneCase());
                    continue;
                }
                at++;
            }
            return new Suite(name, packages, before, argv, cases);
        }

        private Case oneCase() {
            int start = at + 1;
            String command = withMore(lines.get(at).substring(2));
            StringBuilder output = new StringBuilder();
            while (at < lines.size()
                    && (lines.get(at).startsWith("|") || lines.get(at).equals("\\"))) {
                String line = lines.get(at++);
                if (line.equals("\\")) {
                    output.setLength(output.length() - 1);
                } else {
                    output.append(text(line)).append('\n');
                }
            }
            if (at == lines.size() || !lines.get(at).startsWith("? ")) {
                throw new IllegalArgumentException("line " + (at + 1) + ": expected '? STATUS'");
            }
            int status = Integer.parseInt(lines.get(at++).substring(2).trim());
            return new Case(comment.isEmpty() ? command : comment, start, command, output.toString(), status);
        }

        /** What the current line says, and the further lines of it behind. */
        private String withMore(String first) {
            StringBuilder all = new StringBuilder(first);
            for (at++; at < lines.size() && lines.get(at).startsWith(">"); at++) {
                all.append('\n').append(text(lines.get(at)));
            }
            return all.toString();
        }

        private static String text(String line) {
            return line.length() > 2 ? line.substring(2) : "";
        }
    }
}
