#include "match/mask.h"

#include "fixture.h"

static const struct decision denied;

/* Filters of one context, with the entries of its mask. */
static void add_filters(const char *lines, const char *mask)
{
	struct context *context = arena_allocate(&fixture_arena, 1, sizeof(*context));

	*context = context_built_in;
	if (mask)
		context->mask = list_split(mask, &fixture_arena, &context->mask_count);
	fixture_context = context;
	fixture_add_filters(lines);
}

/* A request as records show it. */
static const char *masked(const struct request *request)
{
	const char *const *arguments = mask_arguments(&fixture_policy, request, &denied, &fixture_arena);

	ck_assert_ptr_null(arguments[request->argc]);
	return fixture_line(arguments, request->argc);
}

#define TOOL "tool: CommandFilter, tool, root\n"
#define TOOL_PATH "tool: CommandFilter, /usr/sbin/tool, root\n"
#define ENV "env: EnvFilter, env, root, TOK=, tool\n"
#define NICE "nice: ChainingRegExpFilter, nice, root, nice, [0-9]+\n"
#define NETNS "netns: IpNetnsExecFilter, ip, root\n"

static const struct {
	const char *filters;
	const char *mask;
	const char *request;
	const char *shown;
} rows[] = {
	/* a position is counted from the program's name */
	{ TOOL, "1", "tool secret b", "tool '***' b" },
	{ TOOL, "2", "tool a secret", "tool a '***'" },
	{ TOOL, "2", "tool a secret c", "tool a '***' c" },
	{ TOOL, "002", "tool a secret c", "tool a '***' c" },
	{ TOOL, "1,3", "tool secret b secret", "tool '***' b '***'" },
	{ TOOL, "3,1,3", "tool secret b secret", "tool '***' b '***'" },
	{ TOOL, "1", "tool ''", "tool '***'" },
	{ TOOL, "1", "tool secret=secret", "tool '***'" },
	/* there may be nothing */
	{ TOOL, "1", "tool", "tool" },
	{ TOOL, "2", "tool a", "tool a" },
	{ TOOL, "1000000", "tool a", "tool a" },
	{ TOOL, "3,2", "tool a secret", "tool a '***'" },
	{ TOOL, "--password", "tool", "tool" },
	{ TOOL, "--password", "tool --password", "tool --password" },
	/* an option, wherever it stands */
	{ TOOL, "--password", "tool --password secret b", "tool --password '***' b" },
	{ TOOL, "--password", "tool a --password secret", "tool a --password '***'" },
	{ TOOL, "--password", "tool --password=secret b", "tool '--password=***' b" },
	{ TOOL, "--password", "tool --password=", "tool '--password=***'" },
	{ TOOL, "--password", "tool --password=secret=secret", "tool '--password=***'" },
	{ TOOL, "--password", "tool --password ''", "tool --password '***'" },
	{ TOOL, "--password", "tool --password secret --password=secret",
	  "tool --password '***' '--password=***'" },
	{ TOOL, "-p", "tool -p secret", "tool -p '***'" },
	{ TOOL, "-p", "tool -p=secret", "tool '-p=***'" },
	{ TOOL, "--a,--b", "tool --b secret --a=secret c", "tool --b '***' '--a=***' c" },
	/* and no other */
	{ TOOL, "--password", "tool --password2 b", "tool --password2 b" },
	{ TOOL, "--password", "tool --passwor b", "tool --passwor b" },
	{ TOOL, "--password", "tool --PASSWORD b", "tool --PASSWORD b" },
	{ TOOL, "--password", "tool x--password b", "tool x--password b" },
	{ TOOL, "--password", "tool password=b", "tool password=b" },
	{ TOOL, "-p", "tool -px", "tool -px" },
	/* what one entry hides is no excuse for another to show something */
	{ TOOL, "--password", "tool --password --password secret", "tool --password '***' '***'" },
	{ TOOL, "--password", "tool --password --password=secret", "tool --password '***'" },
	{ TOOL, "1,--password", "tool --password secret", "tool '***' '***'" },
	{ TOOL, "--password,1", "tool --password secret", "tool '***' '***'" },
	{ TOOL, "1,--password", "tool --password=secret", "tool '***'" },
	{ TOOL, "--password,1", "tool --password=secret", "tool '***'" },
	{ TOOL, "--user,--password", "tool --user --password secret", "tool --user '***' '***'" },
	{ TOOL, "--password,--user", "tool --user --password secret", "tool --user '***' '***'" },
	{ TOOL, "--user,--password", "tool --user --password=secret", "tool --user '***'" },
	{ TOOL, "--password,--user", "tool --user --password=secret", "tool --user '***'" },
	{ TOOL, "--a,--a-b", "tool --a-b secret --a secret", "tool --a-b '***' --a '***'" },
	/* the program, however it is named */
	{ TOOL_PATH, "1", "tool secret", "tool '***'" },
	{ TOOL_PATH, "1", "/usr/sbin/tool secret", "/usr/sbin/tool '***'" },
	{ TOOL_PATH, "1", "/usr/bin/tool secret", "/usr/bin/tool '***'" },
	{ TOOL, "1", "/usr/bin/tool secret", "/usr/bin/tool '***'" },
	{ TOOL, "--password", "./tool --password secret", "./tool --password '***'" },
	{ TOOL, "--password", "/home/app/tool --password=secret", "/home/app/tool '--password=***'" },
	{ "tool: RegExpFilter, /usr/sbin/tool, root, to+l, .*\n", "1", "toool secret", "toool '***'" },
	{ "tool: RegExpFilter, /usr/sbin/tool, root, to+l, .*\n", "1", "/x/toool secret", "/x/toool '***'" },
	{ "cat: ReadFileFilter, /etc/app/secret\n", "1", "cat /etc/app/secret", "cat '***'" },
	{ "kill: KillFilter, root, /usr/sbin/daemon, -9\n", "2", "kill -9 4711", "kill -9 '***'" },
	/* the inner command of a chain, by a path that leads to it too */
	{ NICE TOOL, "1", "nice 5 tool secret", "nice '***' tool '***'" },
	{ TOOL, "1", "nice 5 tool secret b", "nice 5 tool '***' b" },
	{ TOOL, "1", "nice 5 /usr/bin/tool secret b", "nice 5 /usr/bin/tool '***' b" },
	{ TOOL_PATH, "1", "nice 5 /usr/bin/tool secret b", "nice 5 /usr/bin/tool '***' b" },
	{ TOOL, "--password", "nice 5 /usr/bin/tool --password=secret",
	  "nice 5 /usr/bin/tool '--password=***'" },
	{ TOOL, "2", "ip netns exec blue tool a secret", "ip netns exec blue tool a '***'" },
	{ TOOL, "1", "ip netns exec blue tool", "ip netns exec blue tool" },
	{ NETNS, "3", "ip netns exec secret tool a", "ip netns exec '***' tool a" },
	{ NETNS, "--password", "ip netns exec blue tool --password secret",
	  "ip netns exec blue tool --password '***'" },
	/* an EnvFilter's program stands behind its variables */
	{ "env: EnvFilter, env, root, A=, tool\n", "1", "env A=1 tool secret", "env '***' '***' '***'" },
	{ "env: EnvFilter, env, root, A=, tool\n", "--password", "A=1 tool --password secret",
	  "A=1 tool --password '***'" },
	{ "env: EnvFilter, env, root, A=, tool\n", "--password", "env A=1 /x/tool --password secret",
	  "env A=1 /x/tool --password '***'" },
	/* every word that names it counts, and so does a filter that cannot be used */
	{ TOOL, "1", "tool tool secret", "tool '***' '***'" },
	{ TOOL, "1", "sh -c tool secret", "sh -c tool '***'" },
	{ "tool: CommandFilter, tool\n", "1", "tool secret", "tool '***'" },
	{ "any: EnvFilter, env\n", "1", "tool secret secret", "tool '***' '***'" },
	/* what no masking filter is about */
	{ TOOL, "1", "other a b", "other a b" },
	{ TOOL, "--password", "other --password b", "other --password b" },
	{ TOOL, "1", "toolx a", "toolx a" },
	{ TOOL, "1", "/usr/bin/tool/x a", "/usr/bin/tool/x a" },
	{ TOOL_PATH, "1", "/usr/sbin/ a", "/usr/sbin/ a" },
	{ TOOL, NULL, "tool --password b", "tool --password b" },
};

START_TEST(arguments_are_masked)
{
	struct request request;
	const char *shown;

	add_filters(rows[_i].filters, rows[_i].mask);
	request = fixture_request(rows[_i].request);
	shown = masked(&request);
	ck_assert_str_eq(shown, rows[_i].shown);
	if (rows[_i].mask && strchr(rows[_i].shown, '*'))
		assert_lacks(strchr(shown, '*'), "secret"); /* before it stand names of files alone */
}
END_TEST

/* Nothing of it is changed: it is what will be matched and run. */
START_TEST(request_stays_as_it_is)
{
	static const char line[] = "tool --password=secret --password secret secret";
	struct request request;

	add_filters(TOOL, "4,--password");
	request = fixture_request(line);
	ck_assert_str_eq(masked(&request), "tool '--password=***' --password '***' '***'");
	ck_assert_str_eq(fixture_line(request.argv, request.argc), line);
	ck_assert_uint_eq(request.argc, 5);
}
END_TEST

START_TEST(request_is_shown_itself_where_nothing_is_masked)
{
	struct request request;

	add_filters(TOOL, "1,--password");
	add_filters("other: CommandFilter, other, root\n", NULL);
	request = fixture_request("other --password x");
	ck_assert_ptr_eq(mask_arguments(&fixture_policy, &request, &denied, &fixture_arena), request.argv);
	fixture_policy.list.count = 0;
	request = fixture_request("tool --password x");
	ck_assert_ptr_eq(mask_arguments(&fixture_policy, &request, &denied, &fixture_arena), request.argv);
}
END_TEST

/* Which of them would have allowed the request, and where they stand, makes no difference. */
START_TEST(all_filters_of_the_program_mask)
{
	static const char first[] = "a: RegExpFilter, tool, root, tool, --password, .*\n";
	static const char last[] = "b: CommandFilter, tool, app\n";
	struct request request;

	add_filters(first, "--password");
	add_filters("plain: CommandFilter, tool, root\n", NULL);
	add_filters(last, "1");
	request = fixture_request("tool x --password secret");
	ck_assert_str_eq(masked(&request), "tool '***' --password '***'");
	request = fixture_request("tool --password secret");
	ck_assert_str_eq(masked(&request), "tool '***' '***'");
}
END_TEST

/* Both commands of a chain, each with its own context. */
START_TEST(each_command_of_a_chain_masks)
{
	struct request request;

	add_filters(NICE, "1");
	add_filters(TOOL, "2,--key");
	request = fixture_request("nice secret /usr/bin/tool a secret --key=secret");
	ck_assert_str_eq(masked(&request), "nice '***' /usr/bin/tool a '***' '--key=***'");
}
END_TEST

enum { MANY = 50000 };

/* A request that the filters allow, as records show it. */
static const char *masked_when_allowed(const char *line)
{
	static char exec_dirs[] = "/sbin";
	static struct exec_dir dir = { .path = exec_dirs, .trusted = true };
	static struct trust trust;
	const struct match_means means = {
		.trust = &trust, .processes = &process_source_proc, .assume_programs = true,
	};
	struct request request = fixture_request(line);
	struct decision decision = { 0 };
	const char *shown;

	fixture_policy.exec_dirs = (struct exec_dirs){ .entries = &dir, .count = 1 };
	match_decide(&fixture_policy, &request, &means, &decision);
	ck_assert_int_eq(decision.verdict, VERDICT_ALLOW);
	shown = fixture_line(mask_arguments(&fixture_policy, &request, &decision, &fixture_arena), request.argc);
	decision_free(&decision);
	return shown;
}

static const struct {
	const char *filters;
	const char *request;
	const char *shown;
} allowed[] = {
	{ "rm: CommandFilter, rm, root\n" TOOL, "rm -- tool --password secret", "rm -- tool --password secret" },
	{ TOOL, "tool --password secret", "tool --password '***'" },
	{ TOOL, "tool a tool --password secret", "tool a tool --password '***'" },
	{ NICE TOOL, "nice 5 tool --password secret", "nice 5 tool --password '***'" },
	{ NICE TOOL, "nice 5 /sbin/tool --password secret", "nice 5 /sbin/tool --password '***'" },
	{ NICE TOOL, "nice 5 tool a tool --password", "nice 5 tool a tool --password" },
	{ ENV, "env TOK=1 tool a --password secret", "env TOK=1 tool a --password '***'" },
	{ ENV, "TOK=1 tool a --password=secret", "TOK=1 tool a '--password=***'" },
};

/* Where a position is counted from, whatever stands in front or behind. */
static const struct {
	const char *filters;
	const char *request;
	const char *shown;
} positions[] = {
	{ TOOL, "tool secret tool b", "tool '***' tool b" },
	{ ENV, "env TOK=1 tool secret", "env TOK=1 tool '***'" },
	{ ENV, "TOK=1 tool secret tool b", "TOK=1 tool '***' tool b" },
	{ NICE TOOL, "nice 5 tool secret tool b", "nice '***' tool '***' tool b" },
};

/* No word that the caller chooses hides another: only what allows the command counts. */
START_TEST(allowed_command_is_masked_by_its_own_filters)
{
	bool by_other = strncmp(allowed[_i].filters, "rm", 2) == 0;

	add_filters(allowed[_i].filters, by_other ? "1" : "--password");
	if (by_other)
		fixture_policy.list.filters[0]->context = &context_built_in;
	ck_assert_str_eq(masked_when_allowed(allowed[_i].request), allowed[_i].shown);
}
END_TEST

START_TEST(positions_are_counted_from_the_command)
{
	add_filters(positions[_i].filters, "1");
	ck_assert_str_eq(masked_when_allowed(positions[_i].request), positions[_i].shown);
}
END_TEST

/* As long as one can be, of nothing but the program's name: a step for each pair of words would not end. */
START_TEST(long_request_is_masked_in_one_go)
{
	const char **argv = arena_allocate(&fixture_arena, MANY + 1, sizeof(*argv));
	const char *const *arguments;
	struct request request;
	size_t hidden = 0;

	add_filters(TOOL, "1,--password");
	request = fixture_request("tool");
	request.argv = argv;
	request.argc = MANY;
	for (size_t i = 0; i < MANY; i++)
		argv[i] = "tool";
	argv[MANY - 1] = "--password=secret";
	arguments = mask_arguments(&fixture_policy, &request, &denied, &fixture_arena);
	ck_assert_str_eq(arguments[0], "tool");
	for (size_t i = 1; i < MANY; i++)
		hidden += strcmp(arguments[i], "***") == 0;
	ck_assert_uint_eq(hidden, MANY - 1);
	ck_assert_ptr_null(arguments[MANY]);
}
END_TEST

#define SLOW "slow: RegExpFilter, slow, root, (a|aa)+b, x\n"
#define SLOW_WORD "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac" /* which takes its pattern long */

/* A denied request as it is shown: two words, one so many times, and one behind. */
static const char *const *shown(const char *first, const char *second, const char *word, size_t count, const char *last)
{
	const char **argv = arena_allocate(&fixture_arena, count + 4, sizeof(*argv));
	struct request request = fixture_request("x");

	argv[0] = first;
	argv[1] = second;
	for (size_t i = 0; i < count; i++)
		argv[2 + i] = word;
	argv[2 + count] = last;
	request.argv = argv;
	request.argc = count + 3;
	return mask_arguments(&fixture_policy, &request, &denied, &fixture_arena);
}

START_TEST(what_is_not_looked_at_in_time_is_hidden)
{
	enum { COUNT = 400 };

	add_filters(SLOW, "--token");
	ck_assert_str_eq(shown("first", "second", "ac", 4, "last")[6], "last");
	ck_assert_str_eq(shown("first", "second", SLOW_WORD, COUNT, "last")[COUNT + 2], "***");
}
END_TEST

/* Who is named behind was not seen; its options stand in front. */
START_TEST(options_of_what_is_not_looked_at_are_hidden)
{
	add_filters(SLOW, "--token");
	add_filters(TOOL, "--password");
	ck_assert_str_eq(shown("first", "--password=secret", SLOW_WORD, 400, "tool")[1], "--password=***");
}
END_TEST

START_TEST(one_word_that_many_filters_take_long_for_is_hidden)
{
	const char *const *arguments;

	for (int i = 0; i < 200; i++)
		add_filters(SLOW, "--token");
	arguments = shown("first", SLOW_WORD, "x", 1, "last");
	ck_assert_str_eq(arguments[0], "first");
	ck_assert_str_eq(arguments[1], "***");
	ck_assert_str_eq(arguments[3], "***");
	ck_assert_str_eq(shown(SLOW_WORD, "second", "x", 1, "last")[0], SLOW_WORD);
}
END_TEST

START_TEST(where_the_mask_is_lost_everything_is_hidden)
{
	struct request request = fixture_request("first tool a --password=b");

	add_filters(TOOL, NULL);
	ck_assert_str_eq(masked(&request), "first tool a --password=b");
	fixture_policy.list.filters[0]->mask_is_lost = true;
	ck_assert_str_eq(masked(&request), "first '***' '***' '***'");
}
END_TEST

static void fill(TCase *tcase)
{
	fixture_add(tcase);
	add_table_test(tcase, arguments_are_masked, rows);
	add_table_test(tcase, allowed_command_is_masked_by_its_own_filters, allowed);
	add_table_test(tcase, positions_are_counted_from_the_command, positions);
	tcase_add_test(tcase, request_stays_as_it_is);
	tcase_add_test(tcase, request_is_shown_itself_where_nothing_is_masked);
	tcase_add_test(tcase, all_filters_of_the_program_mask);
	tcase_add_test(tcase, each_command_of_a_chain_masks);
	tcase_add_test(tcase, long_request_is_masked_in_one_go);
	tcase_add_test(tcase, what_is_not_looked_at_in_time_is_hidden);
	tcase_add_test(tcase, options_of_what_is_not_looked_at_are_hidden);
	tcase_add_test(tcase, one_word_that_many_filters_take_long_for_is_hidden);
	tcase_add_test(tcase, where_the_mask_is_lost_everything_is_hidden);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("mask");

	suite_add(suite, "mask", fill);
	return suite;
}

SUITE_MAIN(make_suite)
