/* Floating point: products of two matrices of doubles. Prints one sum. */
#include <stdio.h>
#include <stdlib.h>

enum { N = 160 };

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 25;
	static double a[N][N], b[N][N], c[N][N];
	double sum = 0;

	for (int r = 0; r < rounds; r++) {
		for (int i = 0; i < N; i++)
			for (int j = 0; j < N; j++) {
				a[i][j] = (i * j + r) % 17 / 3.0;
				b[i][j] = (i + j * r) % 13 / 7.0;
				c[i][j] = 0;
			}
		for (int i = 0; i < N; i++)
			for (int k = 0; k < N; k++)
				for (int j = 0; j < N; j++)
					c[i][j] += a[i][k] * b[k][j];
		sum += c[r % N][N / 2];
	}
	printf("%.6f\n", sum);
	return 0;
}
