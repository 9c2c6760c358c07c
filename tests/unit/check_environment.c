#include "policy/environment.h"
#include "suite.h"

static const struct {
	const char *name;
	bool loader;
} names[] = {
	{ "LD_PRELOAD", true },
	{ "LD_LIBRARY_PATH", true },
	{ "LD_AUDIT", true },
	{ "LD_", true },
	{ "LD_ANYTHING_NEW", true },
	{ "GLIBC_TUNABLES", true },
	{ "GCONV_PATH", true },
	{ "", false },
	{ "L", false },
	{ "LD", false },
	{ "LDX", false },
	{ "ld_preload", false },
	{ "XLD_PRELOAD", false },
	{ "GLIBC_TUNABLE", false },
	{ "GLIBC_TUNABLESX", false },
	{ "GCONV_PATHS", false },
	{ "PATH", false },
};

START_TEST(knows_variables_of_the_loader)
{
	ck_assert_msg(environment_is_loader_variable(names[_i].name, strlen(names[_i].name)) ==
			      names[_i].loader,
		      "%s", names[_i].name);
}
END_TEST

START_TEST(a_name_ends_at_its_length)
{
	ck_assert(environment_is_loader_variable("LD_PRELOAD=/x", 10));
	ck_assert(environment_is_loader_variable("GCONV_PATH=/x", 10));
	ck_assert(!environment_is_loader_variable("LD_PRELOAD", 2));
	ck_assert(!environment_is_loader_variable("GCONV_PATH", 9));
}
END_TEST

static const struct {
	const char *entry;
	const char *why;        /* NULL: it can be kept */
} entries[] = {
	{ "TERM", NULL },
	{ "LC_*", NULL },
	{ "A*", NULL },
	{ "LDX", NULL },
	{ "L*", NULL },         /* what is of the loader is left out all the same */
	{ "PATH*", NULL },      /* PATH itself as well */
	{ "", "begin with a name" },
	{ "*", "begin with a name" },
	{ "*X", "begin with a name" },
	{ "**", "begin with a name" },
	{ "A*B", "at the end" },
	{ "A**", "at the end" },
	{ "A=b", "without =" },
	{ "=", "without =" },
	{ "A=*", "without =" },
	{ "LD_PRELOAD", "loader" },
	{ "LD_*", "loader" },
	{ "LD_P*", "loader" },
	{ "GLIBC_TUNABLES", "loader" },
	{ "GLIBC_TUNABLES*", "loader" },
	{ "GCONV_PATH", "loader" },
	{ "PATH", "always set" },
	{ "HOME", "always set" },
	{ "USER", "always set" },
	{ "LOGNAME", "always set" },
	{ "SHELL", "always set" },
};

START_TEST(checks_entries_of_env_keep)
{
	struct error error = { { 0 } };
	int result = environment_check_keep(entries[_i].entry, &error);

	ck_assert_int_eq(result, entries[_i].why ? -1 : 0);
	if (entries[_i].why)
		assert_contains(error.text, entries[_i].why);
}
END_TEST

static const struct {
	const char *variable;
	const char *entries[3];
	bool kept;
} variables[] = {
	{ "TERM=xterm", { "TERM" }, true },
	{ "TERM=", { "TERM" }, true },
	{ "TERM=a=b", { "TERM" }, true },
	{ "B=1", { "A", "B", "C" }, true },
	{ "LC_ALL=C", { "LC_*" }, true },
	{ "LC_=C", { "LC_*" }, true },
	{ "LCX=1", { "L*" }, true },
	{ "PATHX=1", { "PATH*" }, true },
	{ "TERM=xterm", { NULL }, false },
	{ "TERM", { "TERM" }, false },
	{ "=x", { "TERM" }, false },
	{ "=x", { "A*" }, false },
	{ "", { "TERM" }, false },
	{ "TERMX=1", { "TERM" }, false },
	{ "TER=1", { "TERM" }, false },
	{ "XTERM=1", { "TERM" }, false },
	{ "term=1", { "TERM" }, false },
	{ "LC=C", { "LC_*" }, false },
	{ "X=LC_ALL", { "LC_*" }, false },
	/* never, whatever the entries say */
	{ "LD_PRELOAD=/x.so", { "LD_PRELOAD" }, false },
	{ "LD_PRELOAD=/x.so", { "L*" }, false },
	{ "LD_PRELOAD=/x.so", { "LD*", "LD_*", "LD_P*" }, false },
	{ "LD_=x", { "L*" }, false },
	{ "GLIBC_TUNABLES=x", { "G*" }, false },
	{ "GCONV_PATH=/x", { "GCONV*" }, false },
	{ "PATH=/x", { "P*" }, false },
	{ "PATH=/x", { "PATH" }, false },
	{ "HOME=/x", { "H*" }, false },
	{ "USER=x", { "U*" }, false },
	{ "LOGNAME=x", { "LOG*" }, false },
	{ "SHELL=/x", { "SHELL*" }, false },
};

START_TEST(keeps_what_an_entry_names)
{
	size_t count = 0;

	while (count < ARRAY_LENGTH(variables[_i].entries) && variables[_i].entries[count])
		count++;
	ck_assert_msg(environment_is_kept(variables[_i].variable, variables[_i].entries, count) ==
			      variables[_i].kept,
		      "%s", variables[_i].variable);
}
END_TEST

static void fill(TCase *tcase)
{
	add_table_test(tcase, knows_variables_of_the_loader, names);
	tcase_add_test(tcase, a_name_ends_at_its_length);
	add_table_test(tcase, checks_entries_of_env_keep, entries);
	add_table_test(tcase, keeps_what_an_entry_names, variables);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("policy/environment");

	suite_add(suite, "policy/environment", fill);
	return suite;
}

SUITE_MAIN(make_suite)
