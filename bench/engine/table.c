/* A chained hash table that is filled, asked and emptied: malloc, free, pointers. */
#include "kernel.h"

struct entry { struct entry *next; uint32_t key, value; };

enum { SIZE = 1 << 14 };
static struct entry *table[SIZE];

static struct entry **find(uint32_t key)
{
	struct entry **e = table + (key * 2654435761u >> 18);

	while (*e && (*e)->key != key)
		e = &(*e)->next;
	return e;
}

int main(int argc, char **argv)
{
	uint32_t seed = 1;
	uint64_t sum = 0;

	for (int r = rounds(argc, argv, 6000000); r > 0; r--) {
		uint32_t x = next(&seed), key = x >> 16;
		struct entry **e = find(key), *old = *e;
		if (old && x & 0x8000) {
			*e = old->next;
			free(old);
		} else if (old) {
			sum += old->value++;
		} else {
			*e = malloc(sizeof **e);
			**e = (struct entry){NULL, key, x};
		}
	}
	return done(sum);
}
