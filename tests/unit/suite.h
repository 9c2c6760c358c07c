#ifndef PSW_SUITE_H
#define PSW_SUITE_H

/*
 * What every unit test shares.  A test file makes one suite and ends with
 *
 *	SUITE_MAIN(make_suite)
 *
 * Check forks for each test and for each row of a table, so that a test may
 * change directory or give up root.  CK_TAP_LOG_FILE_NAME=FILE makes Check write
 * TAP there.
 */
#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/attributes.h"

/* Runs the test once for each row of the table; _i is the row. */
#define add_table_test(tcase, test, table) tcase_add_loop_test(tcase, test, 0, (int)ARRAY_LENGTH(table))

#define assert_contains(text, part) \
	ck_assert_msg(strstr((text), (part)) != NULL, "\"%s\" is not in \"%s\"", (part), (text))

#define assert_lacks(text, part) \
	ck_assert_msg(strstr((text), (part)) == NULL, "\"%s\" is in \"%s\"", (part), (text))

/* Adds a test case, with the tests that fill() gives it. */
static inline void suite_add(Suite *suite, const char *name, void (*fill)(TCase *tcase))
{
	TCase *tcase = tcase_create(name);

	fill(tcase);
	suite_add_tcase(suite, tcase);
}

START_TEST(needs_root)
{
	fprintf(stderr, "skip: tests that need root\n");
}
END_TEST

/*
 * As suite_add(), for root alone.  Others get one test in a test case that TAP
 * takes to be skipped by its name.
 */
static inline void suite_add_for_root(Suite *suite, const char *name, void (*fill)(TCase *tcase))
{
	char skipped[128];
	TCase *tcase;

	if (geteuid() == 0) {
		suite_add(suite, name, fill);
		return;
	}
	snprintf(skipped, sizeof(skipped), "%s # SKIP needs root", name);
	tcase = tcase_create(skipped);
	tcase_add_test(tcase, needs_root);
	suite_add_tcase(suite, tcase);
}

/* The exit status for main().  A run without a single test has shown nothing: it fails. */
static inline int suite_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;
	int run;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	run = srunner_ntests_run(runner);
	srunner_free(runner);
	if (run == 0)
		fprintf(stderr, "no test was run\n");
	return failed == 0 && run > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#define SUITE_MAIN(make_suite)                 \
	int main(void)                         \
	{                                      \
		return suite_run(make_suite()); \
	}

#endif
