#include "execute/environment.h"

#include "fixture.h"

static const struct identity app = { .name = "app", .uid = 1001, .home = "/var/lib/app", .shell = "/usr/sbin/nologin" };

/* What is always there, in this order. */
#define FIXED "PATH=/usr/sbin:/usr/bin HOME=/var/lib/app USER=app LOGNAME=app SHELL=/usr/sbin/nologin LANG=C.UTF-8"

static size_t split(const char *list, const char *const **entries)
{
	size_t count = 0;

	if (list)
		*entries = list_split(list, &fixture_arena, &count);
	return count;
}

/* The command's environment as a line, for the caller's and the filter's variables. */
static const char *environment_of(const char *conf_keep, const char *context_keep, const char *callers,
				  const char *filters)
{
	struct context context = context_built_in;
	struct request request = { 0 };
	struct decision decision = { .verdict = VERDICT_ALLOW };
	const char *const *list;
	struct error error;
	size_t count = 0;

	fixture_policy.settings.env_keep_count = split(conf_keep, &fixture_policy.settings.env_keep);
	context.env_keep_count = split(context_keep, &context.env_keep);
	fixture_context = &context;
	decision.filter = fixture_filter("x: CommandFilter, x, app");
	ck_assert_int_eq(quote_read_words(callers, &fixture_arena, &request.environment, &count, &error), 0);
	ck_assert_int_eq(quote_read_words(filters, &fixture_arena, &decision.environment,
					  &decision.environment_count, &error),
			 0);
	list = command_environment(&fixture_policy, &request, &decision, &app, &fixture_arena);
	for (count = 0; list[count]; count++)
		;
	return fixture_line(list, count);
}

static const struct {
	const char *conf_keep;
	const char *context_keep;
	const char *callers;
	const char *filters;
	const char *environment;
} rows[] = {
	{ NULL, NULL, "", "", FIXED },
	/* nothing of the caller's */
	{ NULL, NULL, "PATH=/tmp HOME=/tmp USER=x TERM=xterm LANG=de LC_ALL=de TZ=x LD_PRELOAD=/x DISPLAY=:0",
	  "", FIXED },
	{ NULL, NULL, "'' NOEQUALS =x A=1 A=2 PATH=/a PATH=/b", "", FIXED },
	/* but what is named */
	{ "TERM", NULL, "TERM=xterm HOME=/tmp", "", FIXED " TERM=xterm" },
	{ NULL, "TERM", "TERM=xterm HOME=/tmp", "", FIXED " TERM=xterm" },
	{ "TERM", "TZ", "A=1 TZ=UTC TERM=xterm B=2", "", FIXED " TZ=UTC TERM=xterm" },
	{ "APP_*", NULL, "APP_A=1 APPX=2 APP_=3 XAPP_B=4 app_c=5", "", FIXED " APP_A=1 APP_=3" },
	{ NULL, "APP_*", "APP_A=1 APPX=2", "", FIXED " APP_A=1" },
	{ "TERM", NULL, "TERMX=1 TER=2 term=3 TERM", "", FIXED },
	{ "TERM", NULL, "TERM= ", "", FIXED " TERM=" },
	{ "TERM", NULL, "'TERM=a b' ", "", FIXED " 'TERM=a b'" },
	{ "TERM", "TERM", "TERM=1", "", FIXED " TERM=1" },
	{ "TERM", NULL, "", "", FIXED },
	/* of a name that is passed twice the first counts */
	{ "A*", NULL, "A=1 A=2 AB=3 A=4", "", FIXED " A=1 AB=3" },
	{ "LANG", NULL, "LANG=de LANG=fr", "",
	  "PATH=/usr/sbin:/usr/bin HOME=/var/lib/app USER=app LOGNAME=app "
	  "SHELL=/usr/sbin/nologin LANG=de" },
	{ "L*", NULL, "LC_ALL=de LANG=fr", "",
	  "PATH=/usr/sbin:/usr/bin HOME=/var/lib/app USER=app LOGNAME=app "
	  "SHELL=/usr/sbin/nologin LANG=fr LC_ALL=de" },
	/* never the loader's, never what is the target user's own */
	{ "LD_*", NULL, "LD_PRELOAD=/x LD_LIBRARY_PATH=/y", "", FIXED },
	{ "LD_PRELOAD, G*", NULL, "LD_PRELOAD=/x GLIBC_TUNABLES=x GCONV_PATH=/y GOOD=1", "",
	  FIXED " GOOD=1" },
	{ NULL, "L*", "LD_AUDIT=/x LD_=y LDX=1", "", FIXED " LDX=1" },
	{ "P*, H*, U*, L*, S*", NULL, "PATH=/tmp HOME=/tmp USER=root LOGNAME=root SHELL=/tmp/sh", "", FIXED },
	{ "PATH, HOME", "USER", "PATH=/tmp HOME=/tmp USER=root", "", FIXED },
	/* what an EnvFilter matched comes last and replaces all others */
	{ NULL, NULL, "A=9", "A=1 B=2", FIXED " A=1 B=2" },
	{ "A", NULL, "A=9 B=9", "A=1", FIXED " A=1" },
	{ "A, B", NULL, "A=9 B=9", "B=1", FIXED " A=9 B=1" },
	{ NULL, NULL, "", "LANG=de",
	  "PATH=/usr/sbin:/usr/bin HOME=/var/lib/app USER=app LOGNAME=app "
	  "SHELL=/usr/sbin/nologin LANG=de" },
	{ NULL, NULL, "", "PATH=/opt HOME=/opt",
	  "PATH=/opt HOME=/opt USER=app LOGNAME=app SHELL=/usr/sbin/nologin LANG=C.UTF-8" },
	{ NULL, NULL, "", "PATHX=/opt PAT=1", FIXED " PATHX=/opt PAT=1" },
};

START_TEST(environment_is_made_from_nothing)
{
	ck_assert_str_eq(environment_of(rows[_i].conf_keep, rows[_i].context_keep, rows[_i].callers, rows[_i].filters),
			 rows[_i].environment);
}
END_TEST

START_TEST(path_is_of_trusted_directories)
{
	fixture_policy.exec_dirs.entries[0].trusted = false;
	assert_contains(environment_of(NULL, NULL, "", ""), "PATH=/usr/bin HOME=");
	fixture_policy.exec_dirs.entries[1].trusted = false;
	assert_contains(environment_of(NULL, NULL, "", ""), "PATH=/nonexistent HOME=");
}
END_TEST

START_TEST(caller_without_an_environment_has_none_to_keep)
{
	const struct request request = { 0 };
	const struct decision decision = { .filter = fixture_filter("x: CommandFilter, x, app") };
	const char *const *list;

	fixture_policy.settings.env_keep_count = split("*", &fixture_policy.settings.env_keep);
	list = command_environment(&fixture_policy, &request, &decision, &app, &fixture_arena);
	ck_assert_ptr_nonnull(list[5]);
	ck_assert_ptr_null(list[6]);
}
END_TEST

START_TEST(large_environment_is_no_trouble)
{
	enum { COUNT = 2000 };
	const char **variables = arena_allocate(&fixture_arena, COUNT + 1, sizeof(*variables));
	const struct request request = { .environment = variables };
	const struct decision decision = { .filter = fixture_filter("x: CommandFilter, x, app") };
	const char *const *list;
	size_t kept = 0;

	for (size_t i = 0; i < COUNT; i++)
		variables[i] = arena_format(&fixture_arena, "%c%zu=%zu", i % 2 == 0 ? 'K' : 'N', i, i);
	fixture_policy.settings.env_keep_count = split("K*", &fixture_policy.settings.env_keep);
	list = command_environment(&fixture_policy, &request, &decision, &app, &fixture_arena);
	for (size_t i = 6; list[i]; i++)
		kept += list[i][0] == 'K';
	ck_assert_uint_eq(kept, COUNT / 2);
	ck_assert_ptr_null(list[6 + kept]);
}
END_TEST

static void fill(TCase *tcase)
{
	fixture_add(tcase);
	add_table_test(tcase, environment_is_made_from_nothing, rows);
	tcase_add_test(tcase, path_is_of_trusted_directories);
	tcase_add_test(tcase, caller_without_an_environment_has_none_to_keep);
	tcase_add_test(tcase, large_environment_is_no_trouble);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("environment of the command");

	suite_add(suite, "environment", fill);
	return suite;
}

SUITE_MAIN(make_suite)
