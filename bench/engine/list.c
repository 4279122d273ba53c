/* Following a linked list in random order: one load waits for the next. */
#include "kernel.h"

struct node { struct node *next; uint64_t value; };

int main(int argc, char **argv)
{
	enum { N = 8192 };
	static struct node nodes[N];
	static int places[N];
	uint32_t seed = 1;
	uint64_t sum = 0;

	for (int i = 0; i < N; i++)
		places[i] = i;
	for (int i = N - 1; i > 0; i--) {
		int j = (next(&seed) >> 8) % (i + 1), t = places[i];
		places[i] = places[j], places[j] = t;
	}
	for (int i = 0; i < N; i++)
		nodes[places[i]] = (struct node){nodes + places[(i + 1) % N], i};
	for (int r = rounds(argc, argv, 20000); r > 0; r--) {
		struct node *n = nodes;
		do {
			sum += n->value;
			n = n->next;
		} while (n != nodes);
	}
	return done(sum);
}
