#include "base/clock.h"

#include <time.h>

static long read_milliseconds(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

long clock_milliseconds(void)
{
	return read_milliseconds(CLOCK_MONOTONIC);
}

long clock_computed_milliseconds(void)
{
	return read_milliseconds(CLOCK_PROCESS_CPUTIME_ID);
}
