#include "match/near_miss.h"

#include "fixture.h"

static struct decision decision;

static void setup(void)
{
	fixture_setup();
	decision = (struct decision){ 0 };
}

static void teardown(void)
{
	decision_free(&decision);
	fixture_teardown();
}

static void add(const char *filter_line, const char *request_line, size_t argument, const char *why)
{
	const struct request request = fixture_request(request_line);
	struct filter_match match = { .failed_argument = argument, .why = why };

	near_miss_add(&decision, fixture_filter(filter_line), &request, &match, 0);
}

static const struct {
	const char *filter;
	const char *request;
	size_t argument;
	bool near;
} rows[] = {
	/* about the same program, however it is named */
	{ "x: CommandFilter, /bin/ls, root", "ls", 0, true },
	{ "x: CommandFilter, /bin/ls, root", "/usr/bin/ls", 0, true },
	{ "x: CommandFilter, /bin/ls, root", "./ls", 0, true },
	{ "x: CommandFilter, ls, root", "/home/app/ls", 0, true },
	{ "x: EnvFilter, env, root, A=, ls", "env B=1 ls", 0, true },
	{ "x: RegExpFilter, ls, root, l.", "la -x", 0, true },
	/* the first argument suited the filter */
	{ "x: RegExpFilter, /bin/tool, root, ls, -l", "ls -x", 1, true },
	{ "x: CommandFilter, cat, root", "ls -x", 1, true },
	{ "x: CommandFilter, /bin/ls, root", "cat", 0, false },
	{ "x: CommandFilter, /bin/ls, root", "lsx", 0, false },
	{ "x: CommandFilter, /bin/ls, root", "/bin/cat", 0, false },
	{ "x: EnvFilter, env, root, A=, ls", "env B=1 cat", 0, false },
	{ "x: CommandFilter, /bin/ls, root", "''", 0, false },
};

START_TEST(filter_is_near)
{
	add(rows[_i].filter, rows[_i].request, rows[_i].argument, "why");
	ck_assert_int_eq(decision.near != NULL, rows[_i].near);
	if (!decision.near)
		return;
	ck_assert_str_eq(decision.near->filter->name, "x");
	ck_assert_uint_eq(decision.near->argument, rows[_i].argument);
	ck_assert_str_eq(decision.near->why, "why");
	ck_assert_ptr_null(decision.near->next);
}
END_TEST

/* The closest first; of two that are as close, that which was tried first. */
START_TEST(closest_come_first)
{
	static const struct {
		const char *name;
		size_t argument;
	} added[] = { { "a", 1 }, { "b", 3 }, { "c", 0 }, { "d", 1 }, { "e", 3 }, { "f", 2 }, { "g", 0 } };
	static const char wanted[] = "befadcg";
	const struct near_miss *miss;
	size_t i = 0;

	for (size_t j = 0; j < ARRAY_LENGTH(added); j++)
		add(arena_format(&fixture_arena, "%s: CommandFilter, ls, root", added[j].name), "ls 1 2",
		    added[j].argument, added[j].name);
	for (miss = decision.near; miss; miss = miss->next, i++) {
		ck_assert_int_eq(miss->filter->name[0], wanted[i]);
		ck_assert_int_eq(miss->why[0], wanted[i]);
	}
	ck_assert_uint_eq(i, strlen(wanted));
}
END_TEST

START_TEST(reason_is_kept)
{
	char why[] = "a text that does not stay";

	add("x: CommandFilter, ls, root", "ls", 1, why);
	memset(why, 'x', strlen(why));
	ck_assert_str_eq(decision.near->why, "a text that does not stay");
}
END_TEST

static void fill(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, setup, teardown);
	add_table_test(tcase, filter_is_near, rows);
	tcase_add_test(tcase, closest_come_first);
	tcase_add_test(tcase, reason_is_kept);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("near miss");

	suite_add(suite, "near miss", fill);
	return suite;
}

SUITE_MAIN(make_suite)
