/* Five bodies pulling at each other: doubles, square roots, divisions. */
#include <math.h>
#include "kernel.h"

static struct body { double x[3], v[3], mass; } bodies[5] = {
	{{0, 0, 0}, {0, 0, 0}, 39.47},
	{{4.84, -1.16, -.10}, {.6, 2.8, -.02}, .03},
	{{8.34, 4.12, -.4}, {-1.01, 1.8, .008}, .01},
	{{12.89, -15.11, -.22}, {1.08, .86, -.01}, .001},
	{{15.37, -25.9, .17}, {.97, .59, -.03}, .002}};

static void step(double dt)
{
	for (int i = 0; i < 5; i++)
		for (int j = i + 1; j < 5; j++) {
			struct body *a = bodies + i, *b = bodies + j;
			double d[3], square = 0;
			for (int k = 0; k < 3; k++) {
				d[k] = a->x[k] - b->x[k];
				square += d[k] * d[k];
			}
			double pull = dt / (square * sqrt(square));
			for (int k = 0; k < 3; k++) {
				a->v[k] -= d[k] * b->mass * pull;
				b->v[k] += d[k] * a->mass * pull;
			}
		}
	for (int i = 0; i < 5; i++)
		for (int k = 0; k < 3; k++)
			bodies[i].x[k] += dt * bodies[i].v[k];
}

int main(int argc, char **argv)
{
	for (int r = rounds(argc, argv, 500000); r > 0; r--)
		step(.001);
	printf("%.9f\n", bodies[0].x[0] + bodies[4].v[1]);
	return 0;
}
