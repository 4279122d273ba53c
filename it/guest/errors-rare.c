// Errors of processes, timers and sockets that programs seldom meet.
#include "errors.h"
#include <arpa/inet.h>
#include <elf.h>
#include <linux/kcmp.h>
#include <linux/sched.h>
#include <mqueue.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/timerfd.h>

static char buffer[1 << 16];

// A program with these interpreters: enough of it for what execve(2) says of them.
static void program(const char *name, const char *first, const char *second) {
    struct { Elf64_Ehdr head; Elf64_Phdr parts[2]; char names[2][64]; } image = {
        .head = {.e_type = ET_EXEC, .e_machine = EM_RISCV, .e_version = 1, .e_entry = 0x10000, .e_phoff = sizeof(Elf64_Ehdr),
                 .e_ehsize = sizeof(Elf64_Ehdr), .e_phentsize = sizeof(Elf64_Phdr), .e_phnum = second ? 2 : 1},
    };
    memcpy(image.head.e_ident, ELFMAG "\2\1\1", 7);
    for (int i = 0; i < 2; i++) {
        const char *interpreter = i == 0 ? first : second ? second : "";
        strcpy(image.names[i], interpreter);
        image.parts[i] = (Elf64_Phdr){.p_type = PT_INTERP, .p_offset = (Elf64_Off)(image.names[i] - (char *)&image), .p_filesz = strlen(interpreter) + 1};
    }
    int fd = open(name, O_CREAT | O_WRONLY | O_TRUNC, 0755);
    write(fd, &image, sizeof image), close(fd);
}

static void programs(void) {
    char *none[] = {NULL};
    close(file_with("text", "a text that is as long as the head of a program; what the interpreter is, it is not")), chmod("text", 0755), close(file_with("short", "short")), chmod("short", 0755), mkdir("d", 0755);
    program("a", "text", NULL), program("b", "d", NULL), program("c", "short", NULL), program("e", "text", "none"), program("g", "none", "text"), program("h", "text", NULL), truncate("h", 100), chmod("text", 0755);
    E(execve, "a", none, none), E(execve, "b", none, none), E(execve, "c", none, none), E(execve, "e", none, none), E(execve, "g", none, none), E(execve, "h", none, none), chmod("text", 0644), E(execve, "a", none, none), chmod("text", 0755);
    CHILD("no descriptors", { limit(RLIMIT_NOFILE, 0); E(execve, "a", none, none); });
    CHILD("too many processes", { limit(RLIMIT_NPROC, 0); as_nobody(); E(execve, "none", none, none); E(execve, "none", none, none); });
    CHILD("one process", { limit(RLIMIT_NPROC, 1); as_nobody(); E(execve, "none", none, none); });
    pid_t other = fork();
    if (other == 0) as_nobody(), pause();
    pause_ms(50);
    CHILD("too many of them", { limit(RLIMIT_NPROC, 0); as_nobody(); E(execve, "none", none, none); E(execve, "none", none, none); setrlimit(RLIMIT_NPROC, &(struct rlimit){0, 0}); E(execveat, HERE, "none", none, none, 0); });
    CHILD("as many as may be", { limit(RLIMIT_NPROC, 2); as_nobody(); E(execve, "none", none, none); });
    kill(other, SIGKILL), reap(other);
    CHILD("limited later", { as_nobody(); limit(RLIMIT_NPROC, 0); E(execve, "none", none, none); E(clone, SIGCHLD, 0, 0, 0, 0); });
}

static void memory_map(void) {
    int plain = file_with("plain", ""), folder = open("d", O_RDONLY), self = open("/proc/self/exe", O_RDONLY);
    E(prctl, PR_SET_MM, PR_SET_MM_EXE_FILE, 99, 0, 0), E(prctl, PR_SET_MM, PR_SET_MM_EXE_FILE, plain, 0, 0), E(prctl, PR_SET_MM, PR_SET_MM_EXE_FILE, folder, 0, 0), E(prctl, PR_SET_MM, PR_SET_MM_EXE_FILE, self, 0, 0), E(prctl, PR_SET_MM, PR_SET_MM_EXE_FILE, self, 0, 1), E(prctl, PR_SET_MM, PR_SET_MM_START_CODE, 8, 0, 0);
    CHILD("not root", {
        as_nobody();
        E(prctl, PR_SET_MM, PR_SET_MM_EXE_FILE, self, 0, 0);
    });
}

static void compared(void) {
    int epoll = epoll_create1(0), one = eventfd(0, 0), two = eventfd(0, 0), self = getpid();
    struct epoll_event event = {.events = EPOLLIN};
    struct kcmp_epoll_slot slot = {epoll, one, 0}, missing = {epoll, two, 0}, later = {epoll, one, 1}, wrong = {one, one, 0}, closed = {99, one, 0};
    epoll_ctl(epoll, EPOLL_CTL_ADD, one, &event);
    E(kcmp, self, self, KCMP_EPOLL_TFD, one, &slot), E(kcmp, self, self, KCMP_EPOLL_TFD, one, BAD), E(kcmp, self, self, KCMP_EPOLL_TFD, one, &missing), E(kcmp, self, self, KCMP_EPOLL_TFD, one, &later), E(kcmp, self, self, KCMP_EPOLL_TFD, one, &wrong), E(kcmp, self, self, KCMP_EPOLL_TFD, one, &closed), E(kcmp, self, self, KCMP_EPOLL_TFD, 99, &slot);
    long order = syscall(SYS_kcmp, self, self, KCMP_FILE, one, two), back = syscall(SYS_kcmp, self, self, KCMP_FILE, two, one);
    IS(order == 1 || order == 2), IS(order + back == 3), order = syscall(SYS_kcmp, self, self, KCMP_EPOLL_TFD, two, &slot), IS(order == 1 || order == 2);
    pid_t child = fork();
    if (child == 0) pause();
    order = syscall(SYS_kcmp, self, child, KCMP_VM, 0, 0), back = syscall(SYS_kcmp, child, self, KCMP_VM, 0, 0), IS(order == 1 || order == 2), IS(order + back == 3), kill(child, SIGKILL), reap(child);
}

static void chosen(void) {
    int tid[2] = {getpid(), 1};
    struct clone_args args = {.exit_signal = SIGCHLD, .set_tid = (uintptr_t)tid, .set_tid_size = 1};
    E(clone3, &args, sizeof args), tid[0] = 1, E(clone3, &args, sizeof args), tid[0] = 0, E(clone3, &args, sizeof args), tid[0] = -1, E(clone3, &args, sizeof args), tid[0] = 1 << 30, E(clone3, &args, sizeof args), args.set_tid_size = 2, tid[0] = 30001, E(clone3, &args, sizeof args);
    args.set_tid_size = 0, E(clone3, &args, sizeof args), args.set_tid_size = 1, args.set_tid = 0, E(clone3, &args, sizeof args), args.set_tid = 8, E(clone3, &args, sizeof args), args.set_tid = (uintptr_t)tid;
    long child = syscall(SYS_clone3, &args, sizeof args);
    if (child == 0) _exit(getpid() == 30001 ? 7 : 8);
    say("child %ld", child), say_status("child", reap((pid_t)child));
    CHILD("not root", { as_nobody(); E(clone3, &args, sizeof args); });
}

static void root_alone(void) {
    struct sched_param one = {.sched_priority = 1};
    struct { uint32_t size, policy; uint64_t flags; int32_t nice; uint32_t priority; uint64_t runtime, deadline, period; } of = {.size = 48, .policy = SCHED_FIFO, .priority = 1}, deadline = {.size = 48, .policy = 6, .runtime = 1 << 20, .deadline = 1 << 24, .period = 1 << 24};
    struct clone_args namespace = {.flags = CLONE_NEWUTS, .exit_signal = SIGCHLD};
    int id, self = (int)syscall(SYS_pidfd_open, getpid(), 0);
    as_nobody();
    E(clone, CLONE_NEWUTS | SIGCHLD, 0, 0, 0, 0), E(clone, CLONE_NEWNS | CLONE_FS | SIGCHLD, 0, 0, 0, 0), E(clone, CLONE_NEWPID | CLONE_THREAD | CLONE_SIGHAND | CLONE_VM, 0, 0, 0, 0), E(clone3, &namespace, sizeof namespace), E(setns, self, CLONE_NEWUTS), E(setns, self, 0), E(setns, self, 1), E(unshare, CLONE_NEWNS);
    E(timerfd_create, CLOCK_REALTIME_ALARM, 0), E(timerfd_create, CLOCK_BOOTTIME_ALARM, 0), E(timer_create, CLOCK_MONOTONIC, NULL, &id), limit(RLIMIT_SIGPENDING, 1), E(timer_create, CLOCK_MONOTONIC, NULL, &id), E(timer_delete, id), E(timer_create, CLOCK_MONOTONIC, NULL, &id);
    E(sched_setscheduler, 0, SCHED_FIFO, &one), E(sched_setscheduler, 0, SCHED_RR, &one), E(sched_setscheduler, 0, SCHED_FIFO | SCHED_RESET_ON_FORK, &one), E(sched_setattr, 0, &of, 0), E(sched_setattr, 0, &deadline, 0), E(sched_setscheduler, 0, SCHED_BATCH, (&(struct sched_param){0})), E(sched_setscheduler, 0, SCHED_IDLE, (&(struct sched_param){0})), E(sched_setscheduler, 0, SCHED_OTHER, (&(struct sched_param){0})), E(sched_setparam, 0, (&(struct sched_param){0}));
    for (int type = 0; type <= 10; type++) say("type %d", type), E(syslog, type, buffer, 10);
    E(syslog, 3, NULL, 10), E(syslog, 3, buffer, -1), E(syslog, 11, NULL, 0), E(syslog, 8, NULL, 99), E(syslog, -1, NULL, 0);
}

static void clock_on(int seconds) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now), now.tv_sec += seconds, clock_settime(CLOCK_REALTIME, &now);
}

static void clock_set(void) {
    struct itimerspec later = {{0, 0}, {4000000000, 0}}, soon = {{0, 0}, {1000, 0}};
    int fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK), plain = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK), monotonic = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK), blocking = timerfd_create(CLOCK_REALTIME, 0);
    struct pollfd polled = {fd, POLLIN, 0};
    E(timerfd_settime, fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &later, NULL), E(timerfd_settime, plain, TFD_TIMER_ABSTIME, &later, NULL), E(timerfd_settime, monotonic, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &later, NULL), E(timerfd_settime, blocking, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &later, NULL);
    E(read, fd, buffer, 8), clock_on(10), TRY(poll(&polled, 1, 0)), E(read, fd, buffer, 8), E(read, fd, buffer, 8), TRY(poll(&polled, 1, 0)), E(read, plain, buffer, 8), E(read, monotonic, buffer, 8), E(read, blocking, buffer, 8);
    pid_t child = fork();
    if (child == 0) pause_ms(50), clock_on(-10), _exit(0);
    E(read, blocking, buffer, 8), reap(child), E(timerfd_gettime, fd, buffer), E(timerfd_settime, fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &later, NULL), E(timerfd_settime, fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &later, NULL), E(read, fd, buffer, 8), E(timerfd_settime, fd, TFD_TIMER_CANCEL_ON_SET, &soon, NULL), clock_on(1), clock_on(-1), E(read, fd, buffer, 8);
}

static void bounds(void) {
    char before[4][32] = {"", "", "", ""}, sem[128];
    snprintf(before[0], 32, "%ld", told("/proc/sys/kernel/msgmni")), IS(tell("/proc/sys/kernel/msgmni", "1"));
    int one = msgget(IPC_PRIVATE, 0600), two;
    E(msgget, IPC_PRIVATE, 0600), E(msgctl, one, IPC_RMID, NULL), two = msgget(IPC_PRIVATE, 0600), IS(two >= 0), msgctl(two, IPC_RMID, NULL), IS(tell("/proc/sys/kernel/msgmni", before[0]));
    int fd = open("/proc/sys/kernel/sem", O_RDONLY);
    read(fd, sem, sizeof sem - 1), close(fd), IS(tell("/proc/sys/kernel/sem", "5\t8\t3\t2\n"));
    int set = semget(IPC_PRIVATE, 2, 0600), other = semget(IPC_PRIVATE, 2, 0600);
    struct sembuf four[4] = {{0, 1, 0}, {0, 1, 0}, {0, 1, 0}, {0, 1, 0}};
    IS(set >= 0 && other >= 0), E(semget, IPC_PRIVATE, 2, 0600), semctl(other, 0, IPC_RMID), E(semget, IPC_PRIVATE, 6, 0600), other = semget(IPC_PRIVATE, 5, 0600), IS(other >= 0), semctl(other, 0, IPC_RMID), E(semop, set, four, 4), E(semop, set, four, 3), semctl(set, 0, IPC_RMID);
    IS(tell("/proc/sys/kernel/sem", "250\t6\t100\t32000\n")), set = semget(IPC_PRIVATE, 4, 0600), IS(set >= 0), E(semget, IPC_PRIVATE, 4, 0600), semctl(set, 0, IPC_RMID);
    IS(tell("/proc/sys/kernel/sem", sem)), set = semget(IPC_PRIVATE, 300, 0600), IS(set >= 0), semctl(set, 0, IPC_RMID);
    struct mq_attr small = {0, 1, 8, 0, {0}};
    int in = (int)syscall(SYS_mq_open, "rare", O_RDONLY | O_CREAT, 0600, &small), out = (int)syscall(SYS_mq_open, "rare", O_WRONLY, 0, NULL);
    struct timespec soon = {0, 1000};
    INTERRUPTED(mq_timedreceive, in, buffer, 8, NULL, NULL), E(mq_timedreceive, in, buffer, 8, NULL, &soon), E(mq_timedsend, out, buffer, 1, 0, NULL), INTERRUPTED(mq_timedsend, out, buffer, 1, 0, NULL), E(mq_timedsend, out, buffer, 1, 0, &soon), E(mq_timedreceive, in, BAD, 8, NULL, NULL), E(mq_unlink, "rare");
}

static struct sockaddr_in at(int port) { return (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}; }

static void connections(void) {
    struct sockaddr_in there = at(17001), here = at(17002), from = {0};
    int listening = socket(AF_INET, SOCK_STREAM, 0), yes = 1, one = 1, pair[2], full = socket(AF_INET, SOCK_STREAM, 0);
    socklen_t size = sizeof there, room = sizeof from;
    setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &yes, 4), bind(listening, (void *)&there, size), listen(listening, 10);
    for (int i = 0; i < 2; i++) pair[i] = socket(AF_INET, SOCK_STREAM, 0), setsockopt(pair[i], SOL_SOCKET, SO_REUSEADDR, &yes, 4), E(bind, pair[i], &here, size);
    E(connect, pair[0], &there, size), E(connect, pair[1], &there, size), E(connect, pair[0], &there, size);
    int accepted = accept(listening, NULL, NULL), client = socket(AF_INET, SOCK_STREAM, 0), late = socket(AF_INET, SOCK_STREAM, 0);
    struct linger now = {1, 0};
    struct msghdr some = {.msg_iov = &(struct iovec){buffer, 8}, .msg_iovlen = 1};
    setsockopt(accepted, SOL_SOCKET, SO_LINGER, &now, sizeof now), close(accepted), pause_ms(20), E(sendmsg, pair[0], &some, MSG_NOSIGNAL), E(sendmsg, pair[0], &some, MSG_NOSIGNAL);
    connect(client, (void *)&there, size), setsockopt(client, SOL_SOCKET, SO_LINGER, &now, sizeof now), close(client), pause_ms(20), accepted = accept(listening, (void *)&from, &room), IS(accepted >= 0 && from.sin_addr.s_addr == there.sin_addr.s_addr), E(sendmsg, accepted, &some, MSG_NOSIGNAL), close(accepted);
    there = at(17003), bind(full, (void *)&there, size), listen(full, 0), E(connect, socket(AF_INET, SOCK_STREAM, 0), &there, size);
    fcntl(late, F_SETFL, O_NONBLOCK), E(connect, late, &there, size), E(connect, late, &there, size), fcntl(late, F_SETFL, 0), INTERRUPTED(connect, late, &there, size), close(late);
    late = socket(AF_INET, SOCK_STREAM, 0), setsockopt(late, IPPROTO_TCP, TCP_SYNCNT, &one, 4), E(connect, late, &there, size), close(late);
    late = socket(AF_INET, SOCK_STREAM, 0), E(connect, late, &there, 4), E(connect, late, &there, size - 1);
    close(accept(full, NULL, NULL)), pause_ms(20), E(connect, late, &there, size);
}

int main(void) {
    programs(), memory_map(), compared(), chosen(), clock_set(), bounds(), connections();
    CHILD("not root", root_alone());
    return 0;
}
