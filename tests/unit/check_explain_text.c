#include "ctl/explain_output.h"
#include "fixture.h"

static int open_process(pid_t pid, struct kill_target *target, struct error *error)
{
	(void)error;
	*target = (struct kill_target){
		.pid = pid, .pidfd = -1, .directory = -1, .program = "/usr/sbin/daemon", .same_user_namespace = true,
	};
	return 0;
}

static const struct process_source processes = { .open = open_process };

static const char *explain(const char *policy, const char *request_line)
{
	const struct match_means means = { .processes = &processes, .assume_programs = true, .find_near_misses = true };
	const struct request request = fixture_request(request_line);
	CLEANUP(decision_free) struct decision decision = { 0 };
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	fixture_add_filters(policy);
	match_decide(&fixture_policy, &request, &means, &decision);
	explain_append_text(&text, &request, &decision);
	return arena_string(&fixture_arena, text.text);
}

static const struct context network = {
	.name = "network", .rule = CAPABILITIES_EXACT, .capabilities = CAPABILITY(12), .timeout = 30,
};
static const struct context nothing = { .rule = CAPABILITIES_EXACT };

static const struct {
	const struct context *context;
	const char *policy;
	const char *request;
	const char *text;
} rows[] = {
	{ &network, "ip: IpFilter, ip, root", "ip link show ''",
	  "allow\n"
	  "  request       ip link show ''\n"
	  "  filter        ip (IpFilter), test.filters:1\n"
	  "  runs          /usr/sbin/ip link show ''\n"
	  "  as user       root\n"
	  "  context       network\n"
	  "  capabilities  cap_net_admin\n"
	  "  time limit    30 s\n" },
	{ &nothing, "nice: ChainingRegExpFilter, nice, app, nice, [0-9]+\ne: EnvFilter, env, app, A=, prog",
	  "nice 5 env 'A=x y' prog",
	  "allow\n"
	  "  request       nice 5 env 'A=x y' prog\n"
	  "  filter        nice (ChainingRegExpFilter), test.filters:1\n"
	  "  inner filter  e (EnvFilter), test.filters:2\n"
	  "  runs          /usr/sbin/nice 5 /usr/sbin/prog\n"
	  "  as user       app\n"
	  "  capabilities  none\n"
	  "  sets          'A=x y'\n" },
	{ &nothing, "k: KillFilter, root, /usr/sbin/daemon, -9", "kill -9 4711",
	  "allow\n"
	  "  request       kill -9 4711\n"
	  "  filter        k (KillFilter), test.filters:1\n"
	  "  signal as by  /bin/kill -9 4711\n"
	  "  as user       root\n"
	  "  capabilities  none\n" },
	{ &nothing, "", "ls",
	  "deny: no-match (exit status 99)\n"
	  "  request       ls\n" },
	{ &nothing, "bad: CommandFilter, ls", "ls",
	  "deny: bad-filter (exit status 99)\n"
	  "  request       ls\n"
	  "  ended by      bad (CommandFilter), test.filters:1\n"
	  "  because       CommandFilter needs the fields program, user\n" },
	{ &nothing,
	  "a: RegExpFilter, ls, root, ls, x, y\nb: RegExpFilter, ls, root, ls, -a\nc: CommandFilter, cat, root",
	  "ls $'a\\012b' -b",
	  "deny: no-match (exit status 99)\n"
	  "  request       ls $'a\\012b' -b\n"
	  "  near          b (RegExpFilter), test.filters:2\n"
	  "                there are not as many arguments as patterns\n"
	  "  near          a (RegExpFilter), test.filters:1\n"
	  "                argument 1, $'a\\012b': it does not match the filter's pattern for it\n" },
	{ &nothing, "", "privsep-helper --privsep_context a.b",
	  "deny: implicit-privsep (exit status 99)\n"
	  "  request       privsep-helper --privsep_context a.b\n"
	  "  to allow it   privsep-helper: RegExpFilter, privsep-helper, root, privsep-helper, --privsep_context, "
	  "a\\.b\n" },
	/* the argument that is shown is the one that failed */
	{ &nothing, "nice: ChainingRegExpFilter, nice, root, nice, [0-9]+\nin: RegExpFilter, ls, root, ls, -l",
	  "nice 5 ls -a",
	  "deny: no-match (exit status 99)\n"
	  "  request       nice 5 ls -a\n"
	  "  near          in (RegExpFilter), test.filters:2\n"
	  "                argument 3, -a: it does not match the filter's pattern for it\n"
	  "  near          nice (ChainingRegExpFilter), test.filters:1\n"
	  "                argument 2, ls: no other filter of the same user allows the command from here on\n" },
};

START_TEST(decision_is_told_to_a_person)
{
	fixture_processes = &processes;
	fixture_context = rows[_i].context;
	ck_assert_str_eq(explain(rows[_i].policy, rows[_i].request), rows[_i].text);
}
END_TEST

static const struct {
	enum reason reason;
	const char *line;
} reasons[] = {
	{ REASON_NO_PROGRAM, "deny: no-program (exit status 96)\n" },
	{ REASON_UNSAFE_PROGRAM, "deny: unsafe-program (exit status 96)\n" },
	{ REASON_TOO_LONG, "deny: too-long (exit status 99)\n" },
	{ REASON_PATTERN_LIMIT, "deny: pattern-limit (exit status 99)\n" },
	{ REASON_PATH_GUARD, "deny: path-guard (exit status 99)\n" },
	{ REASON_NONE, "deny: - (exit status 99)\n" },
};

START_TEST(denial_has_its_reason_and_status)
{
	const struct request request = fixture_request("ls");
	const struct decision decision = { .reason = reasons[_i].reason };
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	explain_append_text(&text, &request, &decision);
	ck_assert_int_eq(strncmp(text.text, reasons[_i].line, strlen(reasons[_i].line)), 0);
}
END_TEST

/* A user that does not exist on a build machine is taken for one that is not root. */
START_TEST(capabilities_are_those_of_the_user)
{
	assert_contains(explain("a: CommandFilter, ls, root", "ls"), "  capabilities  all-cap_");
	assert_contains(explain("b: CommandFilter, cat, no-such-user", "cat"), "  capabilities  none\n");
	assert_lacks(explain("c: CommandFilter, modprobe, root", "modprobe"), "cap_sys_module");
}
END_TEST

START_TEST(only_the_nearest_are_shown)
{
	const char *text;
	size_t shown = 0;

	for (int i = 0; i < 9; i++)
		fixture_add_filters(arena_format(&fixture_arena, "f%d: RegExpFilter, ls, root, ls, -l", i));
	text = explain("", "ls -a");
	for (const char *at = strstr(text, "  near "); at; at = strstr(at + 1, "  near "))
		shown++;
	ck_assert_uint_eq(shown, 5);
	assert_contains(text, "f0 (RegExpFilter)");
}
END_TEST

START_TEST(guards_are_shown)
{
	static const char *argv[] = { "/bin/chown", NULL };
	static const char *directories[] = { "/srv/a", "/srv/b c" };
	const struct request request = fixture_request("chown");
	const struct decision decision = {
		.verdict = VERDICT_ALLOW, .filter = fixture_filter("c: CommandFilter, chown, root"), .program = argv[0],
		.argv = argv, .argc = 1, .guards = { .directories = directories, .count = 2 },
	};
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	explain_append_text(&text, &request, &decision);
	assert_contains(text.text, "  guards        /srv/a '/srv/b c'\n");
}
END_TEST

/* Neither a caller's nor a policy's words move a cursor. */
START_TEST(words_are_quoted)
{
	static char bytes[256];
	const char *argv[] = { bytes, NULL };
	const struct request request = { .argc = 1, .argv = argv };
	struct filter filter = *fixture_filter("x: CommandFilter, x, root");
	struct near_miss miss = { .filter = &filter, .why = "why" };
	struct decision allowed = {
		.verdict = VERDICT_ALLOW, .filter = &filter, .inner = &filter, .program = bytes,
		.argv = argv, .argc = 1, .environment = argv, .environment_count = 1,
	};
	struct decision denied = { .filter = &filter, .near = &miss };
	CLEANUP(strbuf_free) struct strbuf text = { 0 };
	bool printable = true;

	for (int i = 0; i < 255; i++)
		bytes[i] = (char)(i + 1);
	filter.name = filter.file = filter.run_as = bytes;
	explain_append_text(&text, &request, &allowed);
	explain_append_text(&text, &request, &denied);
	for (size_t i = 0; i < text.length; i++)
		printable = printable && (text.text[i] == '\n' || (text.text[i] >= 0x20 && text.text[i] <= 0x7e));
	ck_assert(printable);
}
END_TEST

static void fill(TCase *tcase)
{
	fixture_add(tcase);
	add_table_test(tcase, decision_is_told_to_a_person, rows);
	add_table_test(tcase, denial_has_its_reason_and_status, reasons);
	tcase_add_test(tcase, capabilities_are_those_of_the_user);
	tcase_add_test(tcase, only_the_nearest_are_shown);
	tcase_add_test(tcase, guards_are_shown);
	tcase_add_test(tcase, words_are_quoted);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("explain as text");

	suite_add(suite, "explain as text", fill);
	return suite;
}

SUITE_MAIN(make_suite)
