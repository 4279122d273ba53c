/* Recursion: Fibonacci, Ackermann, towers of Hanoi. */
#include "kernel.h"

static uint64_t fib(int n)
{
	return n < 2 ? (uint64_t)n : fib(n - 1) + fib(n - 2);
}

__attribute__((noinline)) static int ackermann(int m, int n)
{
	return m == 0 ? n + 1 : ackermann(m - 1, n == 0 ? 1 : ackermann(m, n - 1));
}

__attribute__((noinline)) static uint64_t hanoi(int n, int from, int to)
{
	return n == 0 ? 0 : hanoi(n - 1, from, 6 - from - to) + from * to + hanoi(n - 1, 6 - from - to, to);
}

int main(int argc, char **argv)
{
	uint64_t sum = 0;

	for (int r = rounds(argc, argv, 24); r > 0; r--)
		sum += fib(32) + ackermann(2, 300) + hanoi(19, 1, 3);
	return done(sum);
}
