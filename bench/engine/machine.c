/* A bytecode interpreter: a jump through a table for each instruction. */
#include "kernel.h"

enum { PUSH, ADD, SUB, LOAD, STORE, LESS, JZ, JUMP, HALT };

static int64_t run(const int *code, int64_t *vars)
{
	int64_t stack[16], *sp = stack;

	for (const int *pc = code;;) {
		switch (*pc++) {
		case PUSH: *sp++ = *pc++; break;
		case ADD: sp--; sp[-1] += sp[0]; break;
		case SUB: sp--; sp[-1] -= sp[0]; break;
		case LOAD: *sp++ = vars[*pc++]; break;
		case STORE: vars[*pc++] = *--sp; break;
		case LESS: sp--; sp[-1] = sp[-1] < sp[0]; break;
		case JZ: pc = *--sp ? pc + 1 : code + *pc; break;
		case JUMP: pc = code + *pc; break;
		default: return vars[1];
		}
	}
}

int main(int argc, char **argv)
{
	static const int code[] = {
		PUSH, 0, STORE, 0, PUSH, 0, STORE, 1,
		LOAD, 0, PUSH, 1000000, LESS, JZ, 32,
		LOAD, 1, LOAD, 0, ADD, PUSH, 3, SUB, STORE, 1,
		LOAD, 0, PUSH, 1, ADD, STORE, 0 + 0 * 8,
		HALT};
	static int patched[64];
	int64_t vars[4], sum = 0;

	memcpy(patched, code, sizeof code);
	/* the loop's end: jump back to the comparison */
	patched[32] = JUMP, patched[33] = 8, patched[34] = HALT, patched[14] = 34;
	for (int r = rounds(argc, argv, 5); r > 0; r--)
		sum += run(patched, vars);
	return done(sum);
}
