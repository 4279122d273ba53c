// Errors of memory, of System V's and POSIX's inter-process communication that errors.c has not.
#include "errors.h"
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/uio.h>

static char buffer[1 << 16], longer[300];
static struct { long type; char text[32]; } message = {1, "text"};
static const struct timespec soon = {0, 1000}, wrong = {0, -1};

// As many as there may be.
static void many_queues(void) {
    struct mq_attr small = {0, 1, 1, 0, {0}};
    char name[16];
    int fd, n = 0;
    as_nobody();
    while (snprintf(name, sizeof name, "m%d", n), (fd = (int)syscall(SYS_mq_open, name, O_RDWR | O_CREAT, 0600, &small)) >= 0) close(fd), n++;
    E(mq_open, name, O_RDWR | O_CREAT, 0600, &small);
    while (--n >= 0) snprintf(name, sizeof name, "m%d", n), syscall(SYS_mq_unlink, name);
}

static void queues(void) {
    struct mq_attr small = {0, 1, 8, 0, {0}}, none = {.mq_maxmsg = 0, .mq_msgsize = 8}, huge = {.mq_maxmsg = 1 << 17, .mq_msgsize = 8}, wide = {.mq_maxmsg = 1, .mq_msgsize = 1 << 25}, odd = {.mq_flags = 99};
    E(mq_open, "", O_RDWR | O_CREAT, 0600, NULL), E(mq_open, "q", O_RDWR | O_CREAT, 0600, &none), E(mq_open, "q", O_RDWR | O_CREAT, 0600, &huge), E(mq_open, "q", O_RDWR | O_CREAT, 0600, &wide), E(mq_open, "q", O_RDWR | O_CREAT, 0600, BAD), E(mq_open, longer, O_RDWR, 0, NULL), E(mq_unlink, longer), E(mq_unlink, "");
    E(mq_open, "a/b", O_RDWR | O_CREAT, 0600, NULL), E(mq_open, ".", O_RDWR | O_CREAT, 0600, NULL), E(mq_unlink, "a/b");
    int q = (int)syscall(SYS_mq_open, "q", O_RDWR | O_CREAT | O_NONBLOCK, 0600, &small), in = (int)syscall(SYS_mq_open, "q", O_RDONLY), out = (int)syscall(SYS_mq_open, "q", O_WRONLY);
    E(mq_open, "q", O_RDWR | O_CREAT | O_EXCL, 0600, &small), E(mq_timedreceive, q, buffer, 8, NULL, NULL), E(mq_timedsend, q, buffer, 9, 0, NULL), E(mq_timedreceive, q, buffer, 7, NULL, NULL), E(mq_timedsend, q, buffer, 1, 99999, NULL), E(mq_timedsend, in, buffer, 1, 0, NULL), E(mq_timedreceive, out, buffer, 8, NULL, NULL);
    E(mq_timedsend, q, BAD, 1, 0, NULL), INTERRUPTED(mq_timedreceive, in, buffer, 8, NULL, NULL), E(mq_timedreceive, in, buffer, 8, NULL, &wrong), E(mq_timedreceive, in, buffer, 8, NULL, &soon), E(mq_timedreceive, in, buffer, 8, NULL, BAD), E(mq_timedsend, q, buffer, 1, 0, NULL), E(mq_timedsend, q, buffer, 1, 0, NULL);
    INTERRUPTED(mq_timedsend, out, buffer, 1, 0, NULL), E(mq_timedsend, out, buffer, 1, 0, &soon), E(mq_timedsend, out, buffer, 1, 0, &wrong), E(mq_timedsend, out, buffer, 1, 0, BAD), E(mq_timedreceive, in, BAD, 8, NULL, NULL), E(mq_getsetattr, q, &odd, NULL), E(mq_getsetattr, q, BAD, NULL), E(mq_getsetattr, q, NULL, BAD);
    struct sigevent kind = {.sigev_notify = 99}, number = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = 99}, signal = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    E(mq_notify, q, &kind), E(mq_notify, q, &number), E(mq_notify, q, BAD), E(mq_notify, 0, &signal), E(mq_notify, q, &signal), E(mq_notify, q, &signal);
    CHILD("not root", {
        as_nobody();
        E(mq_open, "q", O_RDWR);
        E(mq_unlink, "q");
        limit(RLIMIT_MSGQUEUE, 100);
        E(mq_open, "mine", O_RDWR | O_CREAT, 0600, NULL);
        for (int i = 0; i < 2; i++) E(mq_open, "other", O_RDWR | O_CREAT, 0600, &huge);
    });
    CHILD("many queues", many_queues());
    mq_unlink("/q");
}

static void messages(void) {
    int q = msgget(77, IPC_CREAT | 0600);
    struct msqid_ds of;
    E(msgget, 77, IPC_CREAT | IPC_EXCL), E(msgsnd, q, BAD, 4, 0), E(msgsnd, q, &message, 9000, 0), message.type = 0, E(msgsnd, q, &message, 4, 0), message.type = 1, INTERRUPTED(msgrcv, q, &message, 4, 0, 0), E(msgrcv, q, &message, 4, 0, IPC_NOWAIT), E(msgrcv, q, &message, 4, 0, MSG_COPY);
    E(msgsnd, q, &message, 4, 0), E(msgrcv, q, &message, 1, 0, 0), E(msgrcv, q, BAD, 4, 0, 0), E(msgctl, q, IPC_STAT, BAD), E(msgctl, q, IPC_SET, BAD), E(msgctl, q, 99, &of), E(msgctl, -1, IPC_STAT, &of), E(msgrcv, q, &message, 4, 0, MSG_COPY | MSG_EXCEPT);
    E(msgctl, q, IPC_STAT, &of), of.msg_qbytes = 8, E(msgctl, q, IPC_SET, &of), E(msgsnd, q, &message, 8, 0), E(msgsnd, q, &message, 1, IPC_NOWAIT), INTERRUPTED(msgsnd, q, &message, 1, 0);
    CHILD("not root", {
        as_nobody();
        of.msg_qbytes = 1 << 20;
        E(msgget, 77, 0600);
        E(msgsnd, q, &message, 4, 0);
        E(msgrcv, q, &message, 4, 0, 0);
        E(msgctl, q, IPC_STAT, &of);
        E(msgctl, q, IPC_SET, &of);
        E(msgctl, q, IPC_RMID, NULL);
    });
    pid_t child = fork();
    if (child == 0) E(msgsnd, q, &message, 8, 0), _exit(0);
    pause_ms(50), msgctl(q, IPC_RMID, NULL), say_status("sender", reap(child));
    E(msgctl, q, IPC_STAT, &of), E(msgsnd, q, &message, 1, 0), E(msgrcv, q, &message, 1, 0, 0);
}

static void semaphores(void) {
    int set = semget(77, 2, IPC_CREAT | 0600);
    struct sembuf down = {0, -1, 0}, now = {0, -1, IPC_NOWAIT}, far = {9, 1, 0}, up = {0, 32767, 0}, undo = {0, 32767, SEM_UNDO}, many[600] = {0};
    unsigned short values[2] = {40000, 0};
    E(semget, 77, 2, IPC_CREAT | IPC_EXCL), E(semget, 77, 3, 0), E(semget, IPC_PRIVATE, 99999, IPC_CREAT), E(semctl, set, 9, GETVAL), E(semctl, set, 0, SETVAL, 40000), E(semctl, set, 0, SETALL, values), E(semctl, set, 0, SETALL, BAD), E(semctl, set, 0, GETALL, BAD), E(semctl, set, 0, IPC_STAT, BAD), E(semctl, set, 0, IPC_SET, BAD), E(semctl, set, 0, 99);
    E(semtimedop, set, BAD, 1, NULL), E(semtimedop, set, &down, 0, NULL), E(semtimedop, set, many, 600, NULL), E(semtimedop, set, &far, 1, NULL), E(semtimedop, set, &now, 1, NULL), E(semtimedop, set, &down, 1, &soon), E(semtimedop, set, &down, 1, &wrong), E(semtimedop, set, &down, 1, BAD);
    INTERRUPTED(semtimedop, set, &down, 1, NULL), INTERRUPTED(semop, set, &down, 1), E(semtimedop, -1, &down, 1, NULL), E(semtimedop, set, &up, 1, NULL), E(semtimedop, set, &up, 1, NULL), E(semctl, set, 0, SETVAL, 0), E(semtimedop, set, &undo, 1, NULL), E(semctl, set, 0, SETVAL, 0);
    CHILD("not root", {
        as_nobody();
        E(semget, 77, 2, 0600);
        E(semtimedop, set, &down, 1, NULL);
        E(semop, set, &down, 1);
        E(semctl, set, 0, GETVAL);
        E(semctl, set, 0, SETVAL, 1);
        E(semctl, set, 0, IPC_RMID);
        E(semctl, set, 0, IPC_STAT, buffer);
    });
    pid_t child = fork();
    if (child == 0) E(semtimedop, set, &down, 1, NULL), _exit(0);
    pause_ms(50), semctl(set, 0, IPC_RMID), say_status("waiter", reap(child));
    E(semctl, set, 0, GETVAL), E(semtimedop, set, &down, 1, NULL);
}

static void shared(void) {
    int id = shmget(77, 8192, IPC_CREAT | 0600), small = shmget(IPC_PRIVATE, 4096, 0600);
    struct shmid_ds of;
    char *at = shmat(id, NULL, 0);
    E(shmget, 77, 8192, IPC_CREAT | IPC_EXCL), E(shmget, 77, 9000, 0), E(shmget, IPC_PRIVATE, 1ul << 62, IPC_CREAT), E(shmat, id, (char *)1, 0), E(shmat, id, at, 0), E(shmat, id, NULL, SHM_REMAP), E(shmat, -1, NULL, 0), E(shmdt, at + 4096), E(shmdt, at + 1), E(shmctl, id, IPC_STAT, BAD), E(shmctl, id, IPC_SET, BAD), E(shmctl, -1, IPC_STAT, &of), E(shmctl, id, 99, &of);
    E(shmat, id, (void *)0x8000000000000000, 0), E(shmget, IPC_PRIVATE, 4096, IPC_CREAT | SHM_HUGETLB | 63 << 26);
    CHILD("not root", {
        as_nobody();
        E(shmget, 77, 1, 0600);
        E(shmat, id, NULL, 0);
        E(shmctl, id, IPC_STAT, &of);
        E(shmctl, id, IPC_SET, at);
        E(shmctl, id, IPC_RMID, NULL);
        limit(RLIMIT_MEMLOCK, 0);
        E(shmctl, id, SHM_LOCK, NULL);
        E(shmget, IPC_PRIVATE, 4096, IPC_CREAT | SHM_HUGETLB);
    });
    CHILD("little memory", {
        limit(RLIMIT_AS, 4096);
        E(shmat, id, NULL, 0);
    });
    shmctl(small, IPC_RMID, NULL), E(shmat, small, NULL, 0), E(shmctl, small, IPC_STAT, &of), E(shmctl, small, IPC_RMID, NULL), shmdt(at), shmctl(id, IPC_RMID, NULL);
    int ids[5000], n = 0;
    while ((ids[n] = shmget(IPC_PRIVATE, 1, 0600)) >= 0) n++;
    E(shmget, IPC_PRIVATE, 1, 0600);
    while (--n >= 0) shmctl(ids[n], IPC_RMID, NULL);
}

static void little(char *page) {
    limit(RLIMIT_AS, 1 << 22);
    E(mmap, NULL, 1 << 24, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), E(mremap, page, 4096, 1 << 24, MREMAP_MAYMOVE), E(mremap, page, 4096, 1 << 24, 0), E(mmap, NULL, 1ul << 60, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void locked(char *page) {
    limit(RLIMIT_MEMLOCK, 8192), as_nobody();
    E(mlock, page, 4096), E(mlock, page, 16384), E(mlock2, page, 16384, 0), E(mlock2, page, 16384, 1), E(mmap, NULL, 16384, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0), E(mlockall, MCL_CURRENT), E(munlock, page, 4096);
    E(mmap, NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0), E(madvise, page, 4096, MADV_HWPOISON), limit(RLIMIT_MEMLOCK, 0), E(mlock, page, 4096), E(mlock2, page, 4096, 0), E(mlockall, MCL_FUTURE);
}

static void memory(void) {
    int file = file_with("f", "text"), sealed = (int)syscall(SYS_memfd_create, "sealed", 2), write_only = open("f", O_WRONLY), read_only = open("f", O_RDONLY);
    char *page = mmap(NULL, 16 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *of_file = mmap(NULL, 4096, PROT_READ, MAP_SHARED, read_only, 0);
    munmap(page + 4096 * 15, 4096), write(sealed, "text", 4), fcntl(sealed, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK);
    struct iovec parts[2] = {{page, 8}, {page + 4096 * 15, 8}};
    E(mmap, NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, sealed, 0), E(mmap, NULL, 4096, PROT_READ, MAP_SHARED, write_only, 0), E(mmap, NULL, -4096ul, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), E(mmap, NULL, 4096, PROT_READ, 0, file, 0), E(mmap, NULL, 4096, PROT_READ, MAP_SHARED_VALIDATE | 1 << 22, file, 0);
    E(mmap, page + 1, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), E(munmap, -4096ul, 4096), E(munmap, page, -1ul), E(ftruncate, sealed, 1), E(ftruncate, sealed, 100), E(write, sealed, "x", 1), E(fallocate, sealed, 0, 0, 100), E(fcntl, sealed, F_ADD_SEALS, 99), E(mprotect, of_file, 4096, PROT_READ | PROT_WRITE), E(mprotect, page + 4096 * 14, 8192, PROT_READ);
    E(mprotect, page, 4096, PROT_GROWSDOWN | PROT_GROWSUP), E(mremap, page + 4096 * 14, 8192, 16384, MREMAP_MAYMOVE), E(mremap, page, 0, 4096, MREMAP_MAYMOVE), E(mremap, page, 4096, 8192, 0), E(mremap, page, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, page + 100), E(mremap, page, 4096, 8192, MREMAP_MAYMOVE | 4), E(mremap, page, 4096, 1ul << 60, MREMAP_MAYMOVE);
    E(madvise, page + 4096 * 14, 8192, MADV_WILLNEED), E(madvise, page, -4096ul, MADV_NORMAL), E(madvise, of_file, 4096, MADV_FREE), E(madvise, of_file, 4096, MADV_REMOVE), E(mlock, page, 4096), E(madvise, page, 4096, MADV_REMOVE), E(munlock, page, 4096);
    E(madvise, page, 4096, MADV_WIPEONFORK), E(madvise, of_file, 4096, MADV_WIPEONFORK), E(madvise, NULL, 4096, MADV_POPULATE_READ), E(madvise, of_file, 4096, MADV_POPULATE_WRITE), E(madvise, page + 4096 * 14, 8192, MADV_POPULATE_READ), E(mprotect, page + 8192, 4096, 0), E(madvise, page + 8192, 4096, MADV_POPULATE_READ), E(madvise, page, 4096, MADV_MERGEABLE);
    E(mlock, page + 4096 * 14, 8192), E(munlock, page + 4096 * 14, 8192), E(mlock, page, -4096ul), E(mlock, page + 4096, -1ul), E(munlock, page + 4096, -4096ul), E(mlock2, page + 4096 * 14, 8192, 0), E(mlockall, MCL_ONFAULT), E(mlockall, 8), E(mincore, page, -4096ul, buffer), E(mincore, page + 4096 * 14, 8192, buffer), E(msync, page + 4096 * 14, 8192, MS_SYNC), E(msync, page, 4096, MS_SYNC | MS_ASYNC);
    E(process_vm_readv, getpid(), parts, 2, parts + 1, 1, 0), E(process_vm_readv, getpid(), parts, 2000, parts, 1, 0), E(process_vm_readv, getpid(), BAD, 1, parts, 1, 0), E(process_vm_writev, getpid(), parts, 1, BAD, 1, 0), E(process_vm_writev, getpid(), parts, 1, parts, -1, 0), E(process_vm_writev, getpid(), parts, 1, parts, 2000, 0);
    E(swapon, "none", 0), E(swapon, "f", 0), E(swapon, BAD, 0), E(swapon, "f", 1 << 30), E(swapoff, "none"), E(swapoff, "f"), E(swapoff, BAD), E(swapon, "/dev/null", 0), E(swapon, ".", 0), E(mprotect, page, -1ul, 0), E(readahead, write_only, 0, 1), E(fadvise64, file, 0, -1, 0);
    E(memfd_create, longer, 0);
    CHILD("little memory", little(page));
    CHILD("not root", locked(page));
}

int main(void) {
    memset(longer, 'x', sizeof longer - 1);
    queues(), messages(), semaphores(), shared(), memory();
    return 0;
}
