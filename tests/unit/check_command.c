#include "fixture.h"

static const char bare[] = "ls: CommandFilter, ls, root";
static const char absolute[] = "ls: CommandFilter, /bin/ls, root";
static const char with_more[] = "ls: CommandFilter, /bin/ls, root, -l";

static const struct {
	const char *filter;
	const char *request;
	const char *arguments; /* NULL: no match */
} requests[] = {
	{ bare, "ls", "" },
	{ bare, "ls -l /srv", "-l /srv" },
	{ bare, "ls '' '' $'\\377' $'a\\012b'", "'' '' $'\\377' $'a\\012b'" },
	{ bare, "ls ls", "ls" },
	{ absolute, "ls /", "/" },
	{ absolute, "/bin/ls /", "/" },
	{ absolute, "/bin/ls --help", "--help" },
	{ with_more, "ls", "" },
	{ with_more, "ls -a", "-a" },

	{ bare, "/bin/ls", NULL },
	{ bare, "./ls", NULL },
	{ bare, "lsx", NULL },
	{ bare, "l", NULL },
	{ bare, "LS", NULL },
	{ bare, "''", NULL },
	{ bare, "' ls'", NULL },
	{ bare, "'ls '", NULL },
	{ bare, "$'ls\\012'", NULL },
	{ bare, "'ls -l'", NULL },
	{ bare, "-ls", NULL },
	{ bare, "env ls", NULL },
	/* the path as it is written, not one that leads to the same file */
	{ absolute, "/usr/bin/ls", NULL },
	{ absolute, "/home/app/ls", NULL },
	{ absolute, "./ls", NULL },
	{ absolute, "bin/ls", NULL },
	{ absolute, "../bin/ls", NULL },
	{ absolute, "//bin/ls", NULL },
	{ absolute, "/bin//ls", NULL },
	{ absolute, "/bin/./ls", NULL },
	{ absolute, "/bin/../bin/ls", NULL },
	{ absolute, "/bin/ls/", NULL },
	{ absolute, "ls/", NULL },
	{ absolute, "/ls", NULL },
	{ absolute, "/bin/lsx", NULL },
	{ absolute, "/", NULL },
	{ absolute, ".", NULL },
};

START_TEST(program_is_named_by_path_or_base_name)
{
	fixture_expect(requests[_i].filter, requests[_i].request, requests[_i].arguments, 0);
}
END_TEST

static const struct {
	const char *line;
	const char *why;
} unusable[] = {
	{ "x: CommandFilter", "program, user" },
	{ "x: CommandFilter, ls", "program, user" },
	{ "x: CommandFilter, , root", "program is empty" },
	{ "x: CommandFilter, bin/ls, root", "bare name or an absolute path" },
	{ "x: CommandFilter, ./ls, root", "bare name or an absolute path" },
	{ "x: CommandFilter, ls/, root", "bare name or an absolute path" },
};

START_TEST(faulty_line_cannot_be_used)
{
	fixture_expect_unusable(unusable[_i].line, unusable[_i].why);
}
END_TEST

START_TEST(fields_are_program_user_and_arguments)
{
	const struct filter *filter = fixture_filter(" ls : CommandFilter ,\t/bin/ls,  app , -l,, x ");

	ck_assert_ptr_null(filter->unusable);
	ck_assert_str_eq(filter->program, "/bin/ls");
	ck_assert_str_eq(filter->run_as, "app");
	ck_assert_str_eq(fixture_line(filter->arguments, filter->argument_count), "-l '' x");
}
END_TEST

static void fill(TCase *tcase)
{
	fixture_add(tcase);
	add_table_test(tcase, program_is_named_by_path_or_base_name, requests);
	add_table_test(tcase, faulty_line_cannot_be_used, unusable);
	tcase_add_test(tcase, fields_are_program_user_and_arguments);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("command filter");

	suite_add(suite, "command filter", fill);
	return suite;
}

SUITE_MAIN(make_suite)
