/* The C library's memcpy, memmove and memset on pieces of all lengths. */
#include "kernel.h"

int main(int argc, char **argv)
{
	static char a[1 << 18], b[1 << 18];
	uint32_t seed = 1;
	uint64_t sum = 0;

	for (int r = rounds(argc, argv, 600); r > 0; r--) {
		for (int i = 0; i < 2000; i++) {
			uint32_t x = next(&seed);
			size_t length = x >> 8 & (i & 7 ? 0xff : 0x3fff);
			memcpy(a + (x & 0xffff), b + (x >> 12 & 0xffff), length);
			memmove(b + (x >> 4 & 0xffff), b + (x >> 9 & 0xffff), length);
		}
		memcpy(b, a, sizeof a);
		memset(a + (r & 0xff), r, sizeof a / 2);
		sum += b[next(&seed) & 0xffff];
	}
	return done(sum);
}
