/* qsort(3) of structures: calls through a pointer, comparisons, moves. */
#include "kernel.h"

struct item { uint32_t key, value; };

static int order(const void *a, const void *b)
{
	uint32_t x = ((const struct item *)a)->key, y = ((const struct item *)b)->key;

	return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
	enum { N = 100000 };
	static struct item items[N];
	uint64_t sum = 0;
	uint32_t seed = 1;

	for (int r = rounds(argc, argv, 12); r > 0; r--) {
		for (int i = 0; i < N; i++)
			items[i] = (struct item){next(&seed), i};
		qsort(items, N, sizeof *items, order);
		sum += items[N / 2].value;
	}
	return done(sum);
}
