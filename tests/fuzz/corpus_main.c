/* Runs a fuzz target over files, so that the corpus is a regression test for any compiler. */
#include <time.h>

#include "fuzz.h"

static int run_file(const char *path)
{
	static uint8_t bytes[1 << 20];
	FILE *file = fopen(path, "rb");
	uint8_t *exact;
	size_t size;

	if (!file) {
		perror(path);
		return -1;
	}
	size = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	exact = malloc(size > 0 ? size : 1); /* of the very size, so that reading past it is seen */
	if (!exact)
		return -1;
	for (size_t i = 0; i < size; i++)
		exact[i] = bytes[i];
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
	return 0;
}

static long processor_milliseconds(void)
{
	return (long)(clock() / (CLOCKS_PER_SEC / 1000));
}

/* The slowest is told, not judged: what bounds the work are limits in the code. */
int main(int argc, char **argv)
{
	int failed = 0;
	const char *slowest = "";
	long longest = 0;

	for (int i = 1; i < argc; i++) {
		long start = processor_milliseconds();

		failed |= run_file(argv[i]);
		if (processor_milliseconds() - start > longest) {
			longest = processor_milliseconds() - start;
			slowest = argv[i];
		}
	}
	printf("%d inputs; the slowest took %ld ms %s\n", argc - 1, longest, slowest);
	return failed || argc < 2;
}
