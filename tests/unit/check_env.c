#include "fixture.h"

static const char two[] = "e: EnvFilter, env, root, A=, B=, /usr/bin/prog";
static const char with_words[] = "e: EnvFilter, env, root, A=, prog, -x, y";
static const char valued[] = "e: EnvFilter, env, root, A=only, prog";
static const char itself[] = "e: EnvFilter, /usr/bin/prog, root, A=";
static const char path_to_env[] = "e: EnvFilter, /usr/bin/env, root, A=, prog";

static const struct {
	const char *filter;
	const char *request;
	const char *environment;
	const char *arguments;
} accepted[] = {
	{ two, "env A=1 B=2 prog", "A=1 B=2", "" },
	{ two, "A=1 B=2 prog", "A=1 B=2", "" },
	{ two, "env B=2 A=1 prog -l ''", "B=2 A=1", "-l ''" },
	{ two, "env A=1 B=2 /usr/bin/prog x", "A=1 B=2", "x" },
	{ two, "env A==1 B=a=b prog", "A==1 B=a=b", "" },
	{ two, "env A=/x:/y 'B=a b' prog", "A=/x:/y 'B=a b'", "" },
	{ two, "env $'A=\\377\\012' B=-- prog", "$'A=\\377\\012' B=--", "" },
	/* a later NAME=value is an argument of the program */
	{ two, "env A=1 B=2 prog C=3", "A=1 B=2", "C=3" },
	/* an empty value is not set */
	{ two, "env A= B=2 prog", "B=2", "" },
	{ two, "env A= B= prog", "", "" },
	/* words behind the program only count */
	{ with_words, "env A=1 prog -z -z", "A=1", "-z -z" },
	{ with_words, "env A=1 prog -x y more", "A=1", "-x y more" },
	/* a value in the filter is a note */
	{ valued, "env A=other prog", "A=other", "" },
	{ itself, "A=1 prog -l", "A=1", "-l" },
	{ itself, "env A=1 prog", "A=1", "" },
	{ path_to_env, "env A=1 prog", "A=1", "" },
};

START_TEST(named_variables_are_set)
{
	struct filter_match match;

	ck_assert_int_eq(fixture_match(accepted[_i].filter, accepted[_i].request, &match), FILTER_MATCH);
	ck_assert_str_eq(fixture_line(match.environment, match.environment_count), accepted[_i].environment);
	ck_assert_ptr_null(match.environment[match.environment_count]);
	ck_assert_str_eq(fixture_line(match.arguments, match.argument_count), accepted[_i].arguments);
}
END_TEST

static const struct {
	const char *filter;
	const char *request;
	size_t failed;
} refused[] = {
	{ two, "prog", 0 },
	{ two, "/usr/bin/prog", 0 },
	{ two, "env", 1 },
	{ two, "env prog", 1 },
	{ two, "env env A=1 B=2 prog", 1 },
	{ two, "env env env prog", 1 },
	{ two, "env -i A=1 B=2 prog", 1 },
	{ two, "env - A=1 B=2 prog", 1 },
	{ two, "env -S A=1 B=2 prog", 1 },
	{ two, "env '' A=1 B=2 prog", 1 },
	{ two, "/usr/bin/env A=1 B=2 prog", 0 },
	{ two, "-- A=1 B=2 prog", 0 },
	/* exactly the named variables */
	{ two, "env A=1 prog", 2 },
	{ two, "env A=1", 2 },
	{ two, "env B=1 /usr/bin/prog", 2 },
	{ two, "env A=1 B=2 C=3 prog", 3 },
	{ two, "env C=3 A=1 B=2 prog", 1 },
	{ two, "env A=1 B=2 LD_PRELOAD=/x.so prog", 3 },
	{ two, "env A=1 B=2 A=3 prog", 3 },
	{ two, "env A=1 A=2 prog", 2 },
	{ two, "A=1 A=2 prog", 1 },
	{ two, "env A=1 b=2 prog", 2 },
	{ two, "env A=1 BB=2 prog", 2 },
	{ two, "env AA=1 B=2 prog", 1 },
	{ two, "env A=1 'B =2' prog", 2 },
	{ two, "env ' A=1' B=2 prog", 1 },
	{ two, "env =1 B=2 prog", 1 },
	{ two, "env A=1 = prog", 2 },
	{ two, "env A=1 $'\\012B=2' prog", 2 },
	{ two, "env A=1 B prog", 2 },
	/* the program stands right behind them */
	{ two, "env A=1 B=2", 3 },
	{ two, "env A=1 B=2 ''", 3 },
	{ two, "env A=1 B=2 sh", 3 },
	{ two, "env A=1 B=2 ./prog", 3 },
	{ two, "env A=1 B=2 /home/app/prog", 3 },
	{ two, "env A=1 B=2 -- prog", 3 },
	{ two, "env A=1 B=2 progx", 3 },
	{ two, "env A=1 B=2 env prog", 3 },
	{ two, "prog A=1 B=2", 0 },
	{ two, "sh -c x", 0 },
	{ two, "''", 0 },
	{ with_words, "env A=1 prog", 3 },
	{ with_words, "env A=1 prog -x", 4 },
	{ path_to_env, "/usr/bin/env A=1 prog", 0 },
	{ itself, "env A=1 /usr/sbin/prog", 2 },
};

START_TEST(other_variables_or_programs_are_refused)
{
	fixture_expect(refused[_i].filter, refused[_i].request, NULL, refused[_i].failed);
}
END_TEST

static const struct {
	const char *line;
	const char *why;
	const char *program; /* that the filter still stands for; NULL: unknown */
} unusable[] = {
	{ "x: EnvFilter", "env, user, NAME=..., program", NULL },
	{ "x: EnvFilter, env, root", "env, user, NAME=..., program", NULL },
	{ "x: EnvFilter, env, root, prog", "names no variable", "prog" },
	{ "x: EnvFilter, env, root, A=", "no program after the variables", NULL },
	{ "x: EnvFilter, env, root, A=, B=", "no program after the variables", NULL },
	{ "x: EnvFilter, env, root, A=, ", "program is empty", NULL },
	{ "x: EnvFilter, , root, A=, prog", "program is empty", NULL },
	{ "x: EnvFilter, env, root, A=, ./prog", "bare name or an absolute path", "./prog" },
	{ "x: EnvFilter, env, root, =, prog", "field 3: a variable without a name", "prog" },
	{ "x: EnvFilter, env, root, A=, =x, prog", "field 4: a variable without a name", "prog" },
	{ "x: EnvFilter, env, root, A=, B=, A=1, prog", "field 5: the same variable twice", "prog" },
	{ "x: EnvFilter, env, root, LD_PRELOAD=, prog", "field 3: a variable of the dynamic loader", "prog" },
	{ "x: EnvFilter, env, root, A=, LD_LIBRARY_PATH=, prog", "field 4: a variable of the dynamic loader", "prog" },
	{ "x: EnvFilter, env, root, LD_ANYTHING_NEW=/x, prog", "field 3: a variable of the dynamic loader", "prog" },
	{ "x: EnvFilter, env, root, GLIBC_TUNABLES=, prog", "field 3: a variable of the dynamic loader", "prog" },
	{ "x: EnvFilter, env, root, GCONV_PATH=, prog", "field 3: a variable of the dynamic loader", "prog" },
	{ "x: EnvFilter, prog, root, LD_AUDIT=", "field 3: a variable of the dynamic loader", "prog" },
};

START_TEST(faulty_line_cannot_be_used)
{
	fixture_expect_unusable(unusable[_i].line, unusable[_i].why);
	ck_assert_pstr_eq(fixture_filter(unusable[_i].line)->program, unusable[_i].program);
}
END_TEST

/* A request is meant for a filter by the program behind its variables, whatever these are. */
static const struct {
	const char *request;
	bool concerned;
} concerned[] = {
	{ "env LD_PRELOAD=/x prog", true },
	{ "LD_PRELOAD=/x prog", true },
	{ "env X=1 Y=2 Z= /usr/bin/prog -l", true },
	{ "env prog", true },
	{ "prog", true },
	{ "/usr/bin/prog", true },
	{ "env", false },
	{ "env X=1", false },
	{ "X=1", false },
	{ "env sh prog", false },
	{ "env X=1 sh prog", false },
	{ "sh", false },
	{ "./prog", false },
	{ "env X=1 env prog", false },
};

START_TEST(unusable_filter_concerns_its_program)
{
	const struct filter *filter = fixture_filter("x: EnvFilter, env, root, LD_PRELOAD=, /usr/bin/prog");
	const struct request request = fixture_request(concerned[_i].request);

	ck_assert_int_eq(filter_concerns(filter, &request), concerned[_i].concerned);
}
END_TEST

/* Variables by which their value's author chooses code, files or words for many programs: the field, or 0. */
static const struct {
	const char *variables;
	size_t field;
} advised[] = {
	{ "PATH=", 3 },
	{ "A=, PATH=", 4 },
	{ "A=, B=, PYTHONPATH=/x, C=", 5 },
	{ "PYTHON=", 3 },
	{ "PERL5LIB=", 3 },
	{ "BASH_ENV=", 3 },
	{ "ENV=", 3 },
	{ "IFS=", 3 },
	{ "NODE_OPTIONS=", 3 },
	{ "TERMINFO_DIRS=", 3 },
	{ "HOME=", 3 },
	{ "PATHS=", 0 },
	{ "XPATH=", 0 },
	{ "path=", 0 },
	{ "PYTHO=", 0 },
	{ "ENVIRON=", 0 },
	{ "NETWORK_ID=, CONFIG_FILE=", 0 },
	{ "A=PATH=", 0 },
};

START_TEST(dangerous_variable_is_told)
{
	const char *line = arena_format(&fixture_arena, "e: EnvFilter, env, root, %s, PATH", advised[_i].variables);
	const struct filter *filter = fixture_filter(line);
	struct error advice = { .text = "" };
	size_t field = 0;
	int result = filter->class->advise(filter, &field, &advice);

	ck_assert_ptr_null(filter->unusable);
	if (advised[_i].field == 0) {
		ck_assert_int_eq(result, 0);
		return;
	}
	ck_assert_int_eq(result, -1);
	ck_assert_uint_eq(field, advised[_i].field);
	ck_assert_str_ne(advice.text, "");
}
END_TEST

static void fill(TCase *tcase)
{
	fixture_add(tcase);
	add_table_test(tcase, named_variables_are_set, accepted);
	add_table_test(tcase, other_variables_or_programs_are_refused, refused);
	add_table_test(tcase, faulty_line_cannot_be_used, unusable);
	add_table_test(tcase, unusable_filter_concerns_its_program, concerned);
	add_table_test(tcase, dangerous_variable_is_told, advised);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("env filter");

	suite_add(suite, "env filter", fill);
	return suite;
}

SUITE_MAIN(make_suite)
