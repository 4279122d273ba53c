/* What the kernels of the engine benchmark share: rounds from the command line, numbers that look random. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline int rounds(int argc, char **argv, int standard)
{
	return argc > 1 ? atoi(argv[1]) : standard;
}

static inline uint32_t next(uint32_t *seed)
{
	return *seed = *seed * 1664525 + 1013904223;
}

static inline int done(uint64_t sum)
{
	printf("%llu\n", (unsigned long long)sum);
	return 0;
}
