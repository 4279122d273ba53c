package vkernel.guest.linux.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import vkernel.abi.Abi;
import vkernel.guest.linux.FakeKernel;
import vkernel.guest.linux.Linux;
import vkernel.kern.Errno;
import vkernel.task.Registers;
import vkernel.task.Task;

class TableTest {
    /**
     * What programs of Debian call, by who needs it first: static programs and the shell, dynamic glibc and coreutils;
     * Python, Go and databases; servers; stress-ng and strace.
     */
    private static final List<String> NEEDED = List.of(
            ("openat read close rt_sigaction write mmap fstat rt_sigprocmask riscv_hwprobe fcntl prlimit64 clone "
                            + "exit_group clock_gettime newfstatat mprotect brk faccessat ioctl set_robust_list wait4 "
                            + "getrandom set_tid_address lseek getuid getgid execve pipe2 geteuid getpid dup3 "
                            + "getcwd rt_sigreturn getegid getppid getdents64 unlinkat uname readlinkat ppoll "
                            + "clock_nanosleep mkdirat umask chdir prctl fchmodat renameat2 statfs sysinfo kill "
                            + "utimensat fchownat linkat rt_sigsuspend symlinkat sendfile getgroups "
                            + "futex munmap socket connect getpgid sched_getaffinity setsockopt recvfrom fadvise64 "
                            + "sendto fsync faccessat2 ftruncate fchmod setpgid pselect6 getrusage dup fdatasync "
                            + "sigaltstack setsid timer_settime getpeername fstatfs fchdir timer_create "
                            + "copy_file_range setfsuid setfsgid statx llistxattr flistxattr mknodat fsetxattr "
                            + "signalfd4 madvise clone3 setitimer epoll_create1 epoll_ctl epoll_pwait exit pread64 "
                            + "gettid eventfd2 flock sched_yield tgkill fchown close_range nanosleep pwrite64 msync "
                            + "pidfd_open clock_getres mremap listxattr "
                            + "bind listen accept4 getsockopt recvmsg getsockname socketpair "
                            + "sendmsg setgroups setgid setuid shutdown writev sync_file_range setpriority setregid "
                            + "setreuid getpriority accept sendmmsg shmget shmat shmdt shmctl sched_getattr getxattr "
                            + "setxattr readv "
                            + "sched_setscheduler mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify "
                            + "mq_getsetattr rt_sigpending timer_getoverrun fallocate getcpu ptrace process_mrelease "
                            + "sched_get_priority_min sched_get_priority_max capget capset timer_delete mlock "
                            + "futex_waitv openat2 membarrier execveat setns unshare")
                    .split(" "));

    private final FakeKernel kernel = new FakeKernel();
    private final Linux linux = new Linux(kernel.kernel());

    @Test
    void whatIsLeftOutOfACallIsTold() {
        assertThat(linux.table())
                .allSatisfy(entry -> assertThat(entry.note().isEmpty())
                        .as(entry.name())
                        .isEqualTo(entry.support() == Abi.Support.FULL));
    }

    @Test
    void whyACallIsMissingIsToldOfMissingCallsAlone() {
        List<Integer> missing = linux.table().stream()
                .filter(entry -> entry.support() == Abi.Support.MISSING)
                .map(Abi.Entry::number)
                .toList();
        assertThat(Names.missing().keySet()).containsExactlyElementsOf(missing);
    }

    @Test
    void everyCallOfLinuxIsThereOnceUnderItsName() {
        List<Abi.Entry> entries = linux.table();
        assertThat(entries).hasSize(319);
        assertThat(entries.stream().map(Abi.Entry::number)).doesNotHaveDuplicates();
        assertThat(entries.stream().map(Abi.Entry::name)).doesNotHaveDuplicates();
        // Anchors of asm-generic/unistd.h and of riscv.
        assertThat(Names.all())
                .containsEntry(0, "io_setup")
                .containsEntry(63, "read")
                .containsEntry(93, "exit")
                .containsEntry(139, "rt_sigreturn")
                .containsEntry(220, "clone")
                .containsEntry(258, "riscv_hwprobe")
                .containsEntry(259, "riscv_flush_icache")
                .containsEntry(291, "statx")
                .containsEntry(435, "clone3")
                .containsEntry(462, "mseal")
                .doesNotContainKey(38)
                .doesNotContainKey(1024);
    }

    @Test
    void whatProgramsNeedIsThere() {
        assertThat(linux.table().stream()
                        .filter(entry -> entry.support() == Abi.Support.MISSING)
                        .map(Abi.Entry::name)
                        .collect(Collectors.toSet()))
                .doesNotContainAnyElementsOf(NEEDED)
                // what the same programs try and do without: as a Linux that is built without them answers
                .contains("rseq", "landlock_create_ruleset", "keyctl", "io_uring_setup");
    }

    @Test
    void missingAndUnknownCallsAnswerEnosysAndAreCounted() {
        Task task = kernel.task();
        for (long number : new long[] {293, 100_000, -1, Long.MIN_VALUE}) {
            task.regs[Registers.A7] = number;
            assertThat(linux.syscall(task)).isEqualTo(-Errno.ENOSYS);
        }
        assertThat(linux.calls())
                .containsExactly(new Abi.Calls(-1, "unknown", 3, 3, true), new Abi.Calls(293, "rseq", 1, 1, true));
    }

    @Test
    void aNumberThatLinuxDoesNotHaveOrThatIsTakenIsRefused() {
        Table table = new Table();
        CallGroup group = new NoCalls();
        table.full(group, Nr.GETPID);
        assertThatThrownBy(() -> table.full(group, Nr.GETPID)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> table.full(group, 38)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theNumbersInSwitchesAreThoseOfLinux() throws IllegalAccessException {
        for (Field constant : Nr.class.getFields()) {
            assertThat(constant.getInt(null))
                    .as(constant.getName())
                    .isEqualTo(Names.number(constant.getName().toLowerCase(Locale.ROOT)));
        }
        assertThat(Nr.class.getFields().length)
                .isEqualTo(linux.table().stream()
                        .filter(entry -> entry.support() != Abi.Support.MISSING)
                        .count());
    }

    /** The fake kernel can do little, so that most calls fail somehow: but each is in its group's switch. */
    @Test
    void everyCallInTheTableIsDoneByItsGroup() {
        for (Abi.Entry entry : linux.table()) {
            Task task = kernel.task();
            task.regs[Registers.A7] = entry.number();
            try {
                linux.syscall(task);
            } catch (AssertionError unclaimed) {
                throw new AssertionError(entry.name(), unclaimed);
            } catch (RuntimeException beyondTheFake) {
                assertThat(beyondTheFake).as(entry.name()).isNotNull();
            }
        }
    }

    private static final class NoCalls implements CallGroup {
        @Override
        public void table(Table table) {}

        @Override
        public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
            throw Table.unclaimed(call);
        }
    }

    /** One that does more would go wrong beside other harts. */
    @Test
    void callsThatOnlyLookNeedNoLockAndAreCountedToo() {
        Task task = kernel.task();
        task.regs[Registers.A7] = Nr.GETPID;
        assertThat(linux.sharedCall(task)).isEqualTo(task.process.pid);
        assertThat(linux.syscall(task)).isEqualTo(task.process.pid);
        for (long number : new long[] {Nr.READ, Nr.CLOCK_GETTIME, 293, 100_000, -1}) {
            task.regs[Registers.A7] = number;
            assertThat(linux.sharedCall(task)).isEqualTo(Abi.NEEDS_LOCK);
        }
        assertThat(linux.calls()).containsExactly(new Abi.Calls(Nr.GETPID, "getpid", 2, 0, false));
    }

    @Test
    void errorsAreCountedApart() {
        Task task = kernel.task();
        task.regs[Registers.A7] = Names.number("close_range");
        task.regs[Registers.A0] = 5;
        task.regs[Registers.A1] = 4;
        assertThat(linux.syscall(task)).isEqualTo(-Errno.EINVAL);
        task.regs[Registers.A1] = 5;
        assertThat(linux.syscall(task)).isZero();
        assertThat(linux.calls()).containsExactly(new Abi.Calls(436, "close_range", 2, 1, false));
    }
}
