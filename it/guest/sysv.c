// System V and POSIX IPC (man 7 sysvipc, mq_overview).
#include "check.h"
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

static void memory(void) {
    int id = shmget(IPC_PRIVATE, 5000, 0600), key = 0x1234567;
    IS(id >= 0);
    TRY(shmget(IPC_PRIVATE, 0, 0600));
    TRY(shmget(key, 100, 0600));
    int named = shmget(key, 100, IPC_CREAT | 0640);
    TRY(shmget(key, 100, IPC_CREAT | IPC_EXCL | 0600));
    IS(shmget(key, 50, 0) == named);
    TRY(shmget(key, 200, 0));
    char *a = shmat(id, NULL, 0), *b = shmat(id, NULL, SHM_RDONLY);
    IS(a != (void *)-1 && b != (void *)-1 && a != b);
    strcpy(a + 4990, "shared");
    say("seen %s", b + 4990);
    CHILD("a writer through the read-only view", b[0] = 1);
    CHILD("a writer", strcpy(a, "child"));
    say("seen %s", b);
    struct shmid_ds ds;
    TRY(shmctl(id, IPC_STAT, &ds));
    say("size %zu attached %d mode %o last %d creator %d", ds.shm_segsz, (int)ds.shm_nattch, ds.shm_perm.mode,
        ds.shm_lpid != 0, ds.shm_cpid == getpid());
    TRY(shmctl(named, IPC_STAT, &ds));
    say("key %x mode %o", ds.shm_perm.__key, ds.shm_perm.mode);
    ds.shm_perm.mode = 0600;
    TRY(shmctl(named, IPC_SET, &ds));
    TRY(shmctl(named, IPC_STAT, NULL));
    IS(shmat(id, (void *)0x123, 0) == (void *)-1 && errno == EINVAL);
    IS(shmat(id, a, 0) == (void *)-1 && errno == EINVAL);
    IS(shmat(id, a, SHM_REMAP) == a);
    void *at = mmap(NULL, 8192, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(at, 8192);
    IS(shmat(id, (char *)at + 5, SHM_RND) == at);
    TRY(shmdt(at));
    TRY(shmdt(at));
    TRY(shmdt(b + 4096));
    TRY(shmctl(id, IPC_RMID, NULL));
    TRY(shmctl(id, IPC_STAT, &ds));
    say("to go %o attached %d", ds.shm_perm.mode, (int)ds.shm_nattch);
    strcpy(a, "still there");
    say("seen %s", b);
    TRY(shmdt(a));
    TRY(shmdt(b));
    TRY(shmctl(id, IPC_STAT, &ds));
    TRY(shmctl(named, IPC_RMID, NULL));
    IS(shmat(named, NULL, 0) == (void *)-1 && errno == EINVAL);
    TRY(shmctl(12345678, IPC_RMID, NULL));
    CHILD("another user", {
        int own = shmget(IPC_PRIVATE, 10, 0600);
        setuid(1000);
        IS(shmat(own, NULL, 0) == (void *)-1 && errno == EACCES);
        TRY(shmctl(own, IPC_RMID, NULL));
        TRY(shmctl(own, IPC_STAT, &ds));
    });
}

static void semaphores(void) {
    union { int val; unsigned short *array; struct semid_ds *buf; } arg;
    int id = semget(IPC_PRIVATE, 3, 0600);
    IS(id >= 0);
    TRY(semget(IPC_PRIVATE, 0, 0600));
    TRY(semget(IPC_PRIVATE, 100000, 0600));
    unsigned short values[3] = {1, 2, 3};
    arg.array = values;
    TRY(semctl(id, 0, SETALL, arg));
    arg.val = 5;
    TRY(semctl(id, 1, SETVAL, arg));
    arg.val = 40000;
    TRY(semctl(id, 1, SETVAL, arg));
    TRY(semctl(id, 1, GETVAL));
    TRY(semctl(id, 7, GETVAL));
    struct sembuf ops[] = {{0, -1, 0}, {1, -5, 0}, {2, 1, 0}};
    TRY(semop(id, ops, 3));
    arg.array = values;
    semctl(id, 0, GETALL, arg);
    say("%d %d %d", values[0], values[1], values[2]);
    struct sembuf nowait[] = {{2, -1, 0}, {0, -1, IPC_NOWAIT}};
    TRY(semop(id, nowait, 2));
    TRY(semctl(id, 2, GETVAL));
    TRY(semop(id, ops, 0));
    TRY(semop(id, ops, 501));
    TRY(semop(id, NULL, 1));
    struct sembuf bad = {9, 1, 0}, most = {2, 32767, 0}, zero = {0, 0, IPC_NOWAIT}, full = {2, 0, IPC_NOWAIT};
    TRY(semop(id, &bad, 1));
    TRY(semop(id, &most, 1));
    TRY(semop(id, &zero, 1));
    TRY(semop(id, &full, 1));
    struct timespec soon = {0, 20000000}, wrong = {0, -1};
    struct sembuf take = {0, -1, 0}, give = {0, 1, 0};
    TRY(semtimedop(id, &take, 1, &soon));
    TRY(semtimedop(id, &take, 1, &wrong));

    pid_t child = fork();
    if (child == 0) _exit(semop(id, &take, 1) == 0 ? 4 : 5);
    while (semctl(id, 0, GETNCNT) == 0) pause_ms(1);
    TRY(semop(id, &give, 1));
    say_status("woken", reap(child));
    IS(semctl(id, 0, GETPID) == child);
    struct sembuf undo = {2, -2, SEM_UNDO};
    CHILD("undoing", {
        semop(id, &undo, 1);
        say("down to %d", semctl(id, 2, GETVAL));
    });
    TRY(semctl(id, 2, GETVAL));
    child = fork();
    if (child == 0) { TRY(semop(id, &take, 1)); _exit(0); }
    while (semctl(id, 0, GETNCNT) == 0) pause_ms(1);
    semctl(id, 0, IPC_RMID);
    reap(child);
    TRY(semop(id, &take, 1));
}

struct message { long type; char text[64]; };
static void messages(void) {
    int id = msgget(IPC_PRIVATE, 0600);
    IS(id >= 0);
    struct message m = {3, "three"}, r;
    TRY(msgsnd(id, &m, 6, 0));
    m = (struct message){1, "one"}; TRY(msgsnd(id, &m, 4, 0));
    m = (struct message){2, "two"}; TRY(msgsnd(id, &m, 4, 0));
    m.type = 0; TRY(msgsnd(id, &m, 4, 0));
    m.type = 1; TRY(msgsnd(id, &m, 8193, 0));
    TRY(msgsnd(id, NULL, 4, 0));
    TRY(msgrcv(id, &r, 3, 0, 0));
    TRY(msgrcv(id, &r, 3, 0, MSG_NOERROR)); say("%ld %.3s", r.type, r.text);
    TRY(msgrcv(id, &r, 64, -5, 0)); say("%ld %s", r.type, r.text);
    TRY(msgrcv(id, &r, 64, 1, IPC_NOWAIT));
    TRY(msgrcv(id, &r, 64, 1, IPC_NOWAIT | MSG_EXCEPT)); say("%ld %s", r.type, r.text);
    struct msqid_ds ds;
    TRY(msgctl(id, IPC_STAT, &ds));
    say("%lu messages, %lu bytes of %lu", ds.msg_qnum, ds.__msg_cbytes, ds.msg_qbytes);
    ds.msg_qbytes = 10;
    TRY(msgctl(id, IPC_SET, &ds));
    m.type = 1; TRY(msgsnd(id, &m, 10, 0));
    TRY(msgsnd(id, &m, 1, IPC_NOWAIT));
    pid_t child = fork();
    if (child == 0) { TRY(msgsnd(id, &m, 1, 0)); TRY(msgrcv(id, &r, 64, 99, 0)); _exit(0); }
    pause_ms(30);
    msgrcv(id, &r, 10, 0, 0);
    pause_ms(100);
    msgctl(id, IPC_RMID, NULL);
    reap(child);
    TRY(msgrcv(id, &r, 64, 0, 0));
}

static volatile int told;
static void on_message(int s, siginfo_t *info, void *c) { (void)s; (void)c; told = info->si_value.sival_int + info->si_code; }
static void queues(void) {
    char b[8192];
    unsigned priority;
    struct mq_attr attr = {0, 2, 16, 0, {0}};
    TRY(mq_open("/none", O_RDWR));
    TRY(mq_open("/a/b", O_RDWR | O_CREAT, 0600, NULL));
    mqd_t q = mq_open("/q", O_RDWR | O_CREAT | O_EXCL, 0600, &attr);
    IS(q >= 0);
    TRY(mq_open("/q", O_RDWR | O_CREAT | O_EXCL, 0600, &attr));
    TRY(mq_send(q, "low", 3, 1));
    TRY(mq_send(q, "high", 4, 9));
    struct timespec past = {1, 0};
    TRY(mq_timedsend(q, "x", 1, 0, &past));
    TRY(mq_send(q, "a message that is long", 22, 0));
    TRY(mq_send(q, "x", 1, 40000));
    TRY(mq_receive(q, b, 3, &priority));
    TRY(mq_receive(q, b, 16, &priority)); say("%.4s %u", b, priority);
    TRY(mq_getattr(q, &attr)); say("%ld %ld %ld %ld", attr.mq_flags, attr.mq_maxmsg, attr.mq_msgsize, attr.mq_curmsgs);
    TRY(mq_receive(q, b, 16, NULL)); say("%.3s", b);
    TRY(mq_timedreceive(q, b, 16, NULL, &past));
    attr.mq_flags = O_NONBLOCK;
    TRY(mq_setattr(q, &attr, NULL));
    TRY(mq_receive(q, b, 16, NULL));
    struct sigaction action = {.sa_sigaction = on_message, .sa_flags = SA_SIGINFO};
    sigaction(SIGUSR1, &action, NULL);
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 42};
    TRY(mq_notify(q, &event));
    TRY(mq_notify(q, &event));
    TRY(mq_send(q, "x", 1, 0));
    say("told %d", told);
    mqd_t w = mq_open("/q", O_WRONLY);
    TRY(mq_receive(w, b, 16, NULL));
    TRY(mq_unlink("/q"));
    TRY(mq_unlink("/q"));
    TRY(mq_receive(q, b, 16, NULL));
    TRY(mq_close(q));
    TRY(mq_close(q));
}

int main(void) {
    memory();
    semaphores();
    messages();
    queues();
    return 0;
}
