package vkernel.boot.client;

import java.util.Set;

/** Numbers of system calls (asm-generic/unistd.h). */
final class Call {
    static final int LGETXATTR = 9;
    static final int LLISTXATTR = 12;
    static final int MKDIRAT = 34;
    static final int UNLINKAT = 35;
    static final int SYMLINKAT = 36;
    static final int CHDIR = 49;
    static final int OPENAT = 56;
    static final int CLOSE = 57;
    static final int PIPE2 = 59;
    static final int GETDENTS64 = 61;
    static final int LSEEK = 62;
    static final int READ = 63;
    static final int WRITE = 64;
    static final int READLINKAT = 78;
    static final int NEWFSTATAT = 79;
    static final int FSYNC = 82;
    static final int KILL = 129;
    static final int GETPID = 172;
    static final int MMAP = 222;
    static final int RENAMEAT2 = 276;

    /** rt_sigreturn, clone, execve, execveat, clone3: about a program, which a client has not. */
    static final Set<Integer> OF_PROGRAMS = Set.of(139, 220, 221, 281, 435);

    private Call() {}
}
