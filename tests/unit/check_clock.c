#include "base/clock.h"

#include <sys/time.h>
#include <time.h>

#include "suite.h"

START_TEST(never_goes_back)
{
	long before = clock_milliseconds();

	for (int i = 0; i < 1000; i++) {
		long now = clock_milliseconds();

		ck_assert_int_ge(now, before);
		before = now;
	}
}
END_TEST

/* Of the same clock as the kernel's timers, in milliseconds. */
START_TEST(is_the_monotonic_clock)
{
	struct timespec before;
	struct timespec after;
	long now;

	clock_gettime(CLOCK_MONOTONIC, &before);
	now = clock_milliseconds();
	clock_gettime(CLOCK_MONOTONIC, &after);
	ck_assert_int_ge(now, before.tv_sec * 1000 + before.tv_nsec / 1000000);
	ck_assert_int_le(now, after.tv_sec * 1000 + after.tv_nsec / 1000000);
}
END_TEST

START_TEST(waiting_is_no_computing)
{
	long before = clock_computed_milliseconds();

	usleep(500 * 1000);
	ck_assert_int_lt(clock_computed_milliseconds() - before, 500);
}
END_TEST

START_TEST(computing_is_counted)
{
	long before = clock_computed_milliseconds();

	while (clock_computed_milliseconds() <= before + 1)
		continue;
}
END_TEST

static void fill(TCase *tcase)
{
	tcase_add_test(tcase, never_goes_back);
	tcase_add_test(tcase, is_the_monotonic_clock);
	tcase_add_test(tcase, waiting_is_no_computing);
	tcase_add_test(tcase, computing_is_counted);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("clock");

	suite_add(suite, "milliseconds", fill);
	return suite;
}

SUITE_MAIN(make_suite)
