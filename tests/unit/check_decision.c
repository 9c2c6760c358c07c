#include "match/decision.h"

#include <fcntl.h>

#include "base/exit_status.h"
#include "fixture.h"

static const struct {
	enum reason reason;
	const char *name;
	int exit_status;
} reasons[] = {
	{ REASON_NONE, "-", EXIT_UNAUTHORIZED },
	{ REASON_NO_MATCH, "no-match", EXIT_UNAUTHORIZED },
	{ REASON_BAD_FILTER, "bad-filter", EXIT_UNAUTHORIZED },
	{ REASON_PATTERN_LIMIT, "pattern-limit", EXIT_UNAUTHORIZED },
	{ REASON_IMPLICIT_PRIVSEP, "implicit-privsep", EXIT_UNAUTHORIZED },
	{ REASON_TOO_LONG, "too-long", EXIT_UNAUTHORIZED },
	{ REASON_PATH_GUARD, "path-guard", EXIT_UNAUTHORIZED },
	{ REASON_NO_PROGRAM, "no-program", EXIT_NO_PROGRAM },
	{ REASON_UNSAFE_PROGRAM, "unsafe-program", EXIT_NO_PROGRAM },
};

START_TEST(reason_has_a_name_and_a_status)
{
	ck_assert_str_eq(reason_name(reasons[_i].reason), reasons[_i].name);
	ck_assert_int_eq(reason_exit_status(reasons[_i].reason), reasons[_i].exit_status);
}
END_TEST

/* What nobody has decided must not run. */
START_TEST(zeroed_decision_is_a_denial)
{
	const struct decision decision = { 0 };

	ck_assert_int_eq(decision.verdict, VERDICT_DENY);
	ck_assert_int_eq(decision.reason, REASON_NONE);
	ck_assert_int_eq(reason_exit_status(decision.reason), 99);
}
END_TEST

/* Nor must one flipped bit, or two, turn a denial into its opposite, or "no" into "matches". */
START_TEST(allowing_is_many_bits_away)
{
	ck_assert_int_gt(__builtin_popcount((unsigned)VERDICT_ALLOW ^ (unsigned)VERDICT_DENY), 8);
	ck_assert_int_gt(__builtin_popcount((unsigned)FILTER_MATCH ^ (unsigned)FILTER_NO_MATCH), 8);
	ck_assert_int_gt(__builtin_popcount((unsigned)FILTER_MATCH ^ (unsigned)FILTER_UNUSABLE), 8);
	ck_assert_int_gt(__builtin_popcount((unsigned)FILTER_MATCH ^ (unsigned)FILTER_PATTERN_LIMIT), 8);
}
END_TEST

START_TEST(freed_decision_is_a_denial)
{
	struct kill_target target = { .pidfd = dup(STDERR_FILENO), .directory = dup(STDERR_FILENO) };
	int pidfd = target.pidfd;
	int directory = target.directory;
	struct decision decision = { .verdict = VERDICT_ALLOW, .target = &target };

	decision.program = arena_string(&decision.arena, "/bin/true");
	decision_free(&decision);
	ck_assert_int_eq(decision.verdict, VERDICT_DENY);
	ck_assert_ptr_null(decision.program);
	ck_assert_ptr_null(decision.target);
	ck_assert_int_eq(fcntl(pidfd, F_GETFD), -1);
	ck_assert_int_eq(fcntl(directory, F_GETFD), -1);
	decision_free(&decision);
}
END_TEST

static void fill(TCase *tcase)
{
	add_table_test(tcase, reason_has_a_name_and_a_status, reasons);
	tcase_add_test(tcase, zeroed_decision_is_a_denial);
	tcase_add_test(tcase, allowing_is_many_bits_away);
	tcase_add_test(tcase, freed_decision_is_a_denial);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("decision");

	suite_add(suite, "decision", fill);
	return suite;
}

SUITE_MAIN(make_suite)
