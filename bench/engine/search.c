/* Searching text: strstr, strchr, strlen and a naive search of our own. */
#include "kernel.h"

static int naive(const char *text, const char *word)
{
	int found = 0;

	for (; *text; text++) {
		int i = 0;
		while (word[i] && text[i] == word[i])
			i++;
		found += !word[i];
	}
	return found;
}

int main(int argc, char **argv)
{
	enum { N = 100000 };
	static char text[N + 1];
	uint32_t seed = 1;
	uint64_t sum = 0;

	for (int i = 0; i < N; i++)
		text[i] = "etaoin shrdlu"[(next(&seed) >> 16) % 13];
	for (int r = rounds(argc, argv, 1000); r > 0; r--) {
		sum += naive(text, "shin");
		for (char *p = text; (p = strstr(p, "enter")); p++)
			sum++;
		for (char *p = text; (p = strchr(p, 'u')); p++)
			sum++;
		sum += strlen(text + (r & 0xff));
	}
	return done(sum);
}
