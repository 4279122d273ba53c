/* Integer work: a sieve, a table-driven CRC, a quicksort, Fibonacci by recursion. Prints one checksum. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint32_t sieve(int n)
{
	static unsigned char composite[1 << 20];
	uint32_t primes = 0;

	for (int i = 0; i < n; i++)
		composite[i] = 0;
	for (int i = 2; i < n; i++) {
		if (composite[i])
			continue;
		primes++;
		for (int j = i + i; j < n; j += i)
			composite[j] = 1;
	}
	return primes;
}

static uint32_t crc(uint32_t seed, int n)
{
	static uint32_t table[256];

	for (uint32_t i = 0; i < 256; i++) {
		uint32_t c = i;
		for (int k = 0; k < 8; k++)
			c = c & 1 ? 0xedb88320u ^ c >> 1 : c >> 1;
		table[i] = c;
	}
	for (int i = 0; i < n; i++)
		seed = table[(seed ^ i) & 0xff] ^ seed >> 8;
	return seed;
}

static void quicksort(uint32_t *a, int low, int high)
{
	while (low < high) {
		uint32_t pivot = a[(low + high) / 2];
		int i = low, j = high;
		while (i <= j) {
			while (a[i] < pivot) i++;
			while (a[j] > pivot) j--;
			if (i <= j) {
				uint32_t t = a[i];
				a[i++] = a[j];
				a[j--] = t;
			}
		}
		quicksort(a, low, j);
		low = i;
	}
}

static uint64_t fib(int n)
{
	return n < 2 ? (uint64_t)n : fib(n - 1) + fib(n - 2);
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 20;
	static uint32_t numbers[200000];
	uint64_t sum = 0;

	for (int r = 0; r < rounds; r++) {
		uint32_t x = 12345 + r;
		sum += sieve(1 << 20);
		sum += crc(r, 4000000);
		for (int i = 0; i < 200000; i++)
			numbers[i] = x = x * 1664525 + 1013904223;
		quicksort(numbers, 0, 199999);
		sum += numbers[1000] + fib(27);
	}
	printf("%llu\n", (unsigned long long)sum);
	return 0;
}
