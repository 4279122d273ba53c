// Programs that differ in one instruction take turns in one process by execve(2): each runs its own code, hot, although
// the one before was hot at the same addresses.
#include "check.h"

enum { IMAGES = 3, TURNS = 30 };

// "li a0, 0" in the first image, patched in the others.
__attribute__((naked, noinline, aligned(16))) static int answer(void) {
    __asm__ volatile(".option push\n\t.option norvc\n\taddi a0, zero, 1234\n\taddi t0, zero, 1957\n\tret\n\t.option pop");
}

static uint32_t addi_a0(int imm) { return 0x13u | 10u << 7 | (uint32_t)imm << 20; }

static void name_of_image(char *name, int image) { sprintf(name, "/tmp/image%d", image); }

static void copy_with_answer(int image) {
    static char bytes[4 << 20];
    char name[32];
    uint32_t code[2];
    memcpy(code, (void *)answer, sizeof code);
    int in = open("/proc/self/exe", O_RDONLY);
    ssize_t size = 0, part;
    while ((part = read(in, bytes + size, sizeof bytes - size)) > 0) size += part;
    close(in);
    char *at = memmem(bytes, size, code, sizeof code);
    uint32_t patched = addi_a0(image);
    if (at) memcpy(at, &patched, sizeof patched);
    name_of_image(name, image);
    int out = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0755);
    for (ssize_t done = 0; done < size; done += part) {
        if ((part = write(out, bytes + done, size - done)) <= 0) break;
    }
    close(out);
}

int main(int argc, char **argv) {
    if (argc < 2) {
        for (int i = 0; i < IMAGES; i++) copy_with_answer(i);
        execl("/tmp/image0", "image", "0", "0", NULL);
        say("no image: %s", name_of(errno));
        return 1;
    }
    int turn = atoi(argv[1]);
    long wrong = atol(argv[2]);
    for (int i = 0; i < 3000; i++) wrong += answer() != turn % IMAGES;
    if (turn == TURNS) {
        say("%d images took turns: %ld wrong answers", IMAGES, wrong);
        return 0;
    }
    char name[32], next[16], sum[32];
    name_of_image(name, (turn + 1) % IMAGES);
    sprintf(next, "%d", turn + 1), sprintf(sum, "%ld", wrong);
    execl(name, "image", next, sum, NULL);
    say("no image: %s", name_of(errno));
    return 1;
}
