#include "fixture.h"

static const char state[] = "s: ReadFileFilter, /srv/app/state";

static const struct {
	const char *request;
	const char *arguments; /* NULL: no match */
	size_t failed;
} requests[] = {
	{ "cat /srv/app/state", "/srv/app/state", 0 },

	{ "cat", NULL, 1 },
	{ "tac /srv/app/state", NULL, 0 },
	{ "/bin/cat /srv/app/state", NULL, 0 },
	{ "./cat /srv/app/state", NULL, 0 },
	{ "catx /srv/app/state", NULL, 0 },
	{ "'' /srv/app/state", NULL, 0 },
	{ "cat ''", NULL, 1 },
	{ "cat -", NULL, 1 },
	{ "cat /etc/shadow", NULL, 1 },
	{ "cat state", NULL, 1 },
	{ "cat /srv/app/state/", NULL, 1 },
	{ "cat /srv/app//state", NULL, 1 },
	{ "cat /srv/app/../app/state", NULL, 1 },
	{ "cat /srv/app/stat", NULL, 1 },
	{ "cat /srv/app/state2", NULL, 1 },
	{ "cat $'/srv/app/state\\012'", NULL, 1 },
	{ "cat ' /srv/app/state'", NULL, 1 },
	{ "cat /SRV/app/state", NULL, 1 },
	{ "cat /srv/app/state /etc/shadow", NULL, 2 },
	{ "cat /etc/shadow /srv/app/state", NULL, 2 },
	{ "cat /srv/app/state ''", NULL, 2 },
	{ "cat -n /srv/app/state", NULL, 2 },
	{ "cat -- /srv/app/state", NULL, 2 },
};

START_TEST(exactly_this_file_is_read)
{
	fixture_expect(state, requests[_i].request, requests[_i].arguments, requests[_i].failed);
}
END_TEST

/* The file is read from the filter, never from what the caller gave. */
START_TEST(file_is_that_of_the_filter)
{
	struct filter_match match;

	ck_assert_int_eq(fixture_match(state, "cat /srv/app/state", &match), FILTER_MATCH);
	ck_assert_str_eq(match.file, "/srv/app/state");
	ck_assert_ptr_ne(match.file, match.arguments[0]);
	ck_assert_int_eq(fixture_match(state, "cat /etc/shadow", &match), FILTER_NO_MATCH);
	ck_assert_ptr_null(match.file);
}
END_TEST

START_TEST(command_is_cat_as_root)
{
	const struct filter *filter = fixture_filter(state);

	ck_assert_str_eq(filter->program, "/bin/cat");
	ck_assert_str_eq(filter->run_as, "root");
}
END_TEST

static const struct {
	const char *line;
	const char *why;
} unusable[] = {
	{ "x: ReadFileFilter", "fields path" },
	{ "x: ReadFileFilter, ", "absolute path" },
	{ "x: ReadFileFilter, state", "absolute path" },
	{ "x: ReadFileFilter, ./state", "absolute path" },
	{ "x: ReadFileFilter, -n", "absolute path" },
};

/* Whatever is wrong, the filter stands for cat. */
START_TEST(faulty_line_cannot_be_used)
{
	fixture_expect_unusable(unusable[_i].line, unusable[_i].why);
	ck_assert_str_eq(fixture_filter(unusable[_i].line)->program, "/bin/cat");
}
END_TEST

static void fill(TCase *tcase)
{
	fixture_add(tcase);
	add_table_test(tcase, exactly_this_file_is_read, requests);
	tcase_add_test(tcase, file_is_that_of_the_filter);
	tcase_add_test(tcase, command_is_cat_as_root);
	add_table_test(tcase, faulty_line_cannot_be_used, unusable);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("read file filter");

	suite_add(suite, "read file filter", fill);
	return suite;
}

SUITE_MAIN(make_suite)
