#include "ctl/explain_output.h"
#include "fixture.h"

/* Every process runs /usr/sbin/daemon. */
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
	explain_append_json(&text, &request, &decision);
	return arena_string(&fixture_arena, text.text);
}

/* The text with " for each `, which no row has otherwise: JSON that can be read in C. */
static const char *json(const char *text)
{
	char *copy = arena_string(&fixture_arena, text);

	for (char *c = copy; *c; c++) {
		if (*c == '`')
			*c = '"';
	}
	return copy;
}

static const struct context network = {
	.name = "network", .rule = CAPABILITIES_EXACT, .capabilities = CAPABILITY(12), .timeout = 30,
};
static const struct context nothing = { .name = "nothing", .rule = CAPABILITIES_EXACT };

static const struct {
	const struct context *context;
	const char *policy;
	const char *request;
	const char *json;
} rows[] = {
	{ &network, "ip: IpFilter, ip, root", "ip link show",
	  "{`argv`:[`ip`,`link`,`show`],`verdict`:`allow`,`reason`:null,`filter`:`ip`,"
	  "`class`:`IpFilter`,`source`:`test.filters:1`,`exec`:[`/usr/sbin/ip`,`link`,`show`],"
	  "`run_as`:`root`,`env`:{},`context`:`network`,`capabilities`:`cap_net_admin`,`timeout`:30,"
	  "`guards`:[],`near`:[]}" },
	{ &nothing, "e: EnvFilter, env, app, A=, B=, C=, prog", "env C== A=1 B= prog x",
	  "{`argv`:[`env`,`C==`,`A=1`,`B=`,`prog`,`x`],`verdict`:`allow`,`reason`:null,`filter`:`e`,"
	  "`class`:`EnvFilter`,`source`:`test.filters:1`,`exec`:[`/usr/sbin/prog`,`x`],`run_as`:`app`,"
	  "`env`:{`C`:`=`,`A`:`1`},`context`:`nothing`,`capabilities`:`none`,`timeout`:0,`guards`:[],"
	  "`near`:[]}" },
	/* what came close on the way to a permission is told too */
	{ &nothing, "a: RegExpFilter, ls, root, ls, -l\nb: CommandFilter, ls, app", "ls -a",
	  "{`argv`:[`ls`,`-a`],`verdict`:`allow`,`reason`:null,`filter`:`b`,`class`:`CommandFilter`,"
	  "`source`:`test.filters:2`,`exec`:[`/usr/sbin/ls`,`-a`],`run_as`:`app`,`env`:{},"
	  "`context`:`nothing`,`capabilities`:`none`,`timeout`:0,`guards`:[],`near`:[{`filter`:`a`,"
	  "`source`:`test.filters:1`,`argument`:1,"
	  "`why`:`it does not match the filter's pattern for it`}]}" },
	/* a denial names no program, user's environment or capability */
	{ &network, "", "ls '' $'\\012'",
	  "{`argv`:[`ls`,``,`\\u000a`],`verdict`:`deny`,`reason`:`no-match`,`filter`:null,`class`:null,"
	  "`source`:null,`exec`:[],`run_as`:null,`env`:{},`context`:null,`capabilities`:null,"
	  "`timeout`:0,`guards`:[],`near`:[]}" },
	{ &network, "bad: CommandFilter, ls", "ls",
	  "{`argv`:[`ls`],`verdict`:`deny`,`reason`:`bad-filter`,`filter`:`bad`,"
	  "`class`:`CommandFilter`,`source`:`test.filters:1`,`exec`:[],`run_as`:null,`env`:{},"
	  "`context`:null,`capabilities`:null,`timeout`:0,`guards`:[],`near`:[]}" },
	{ &network, "a: RegExpFilter, ls, root, ls, x, y\nb: RegExpFilter, ls, root, ls, -a, y", "ls -a -b",
	  "{`argv`:[`ls`,`-a`,`-b`],`verdict`:`deny`,`reason`:`no-match`,`filter`:null,`class`:null,"
	  "`source`:null,`exec`:[],`run_as`:null,`env`:{},`context`:null,`capabilities`:null,"
	  "`timeout`:0,`guards`:[],`near`:[{`filter`:`b`,`source`:`test.filters:2`,`argument`:2,"
	  "`why`:`it does not match the filter's pattern for it`},{`filter`:`a`,"
	  "`source`:`test.filters:1`,`argument`:1,"
	  "`why`:`it does not match the filter's pattern for it`}]}" },
	{ &nothing, "k: KillFilter, root, /usr/sbin/daemon, -9", "kill -9 4711",
	  "{`argv`:[`kill`,`-9`,`4711`],`verdict`:`allow`,`reason`:null,`filter`:`k`,"
	  "`class`:`KillFilter`,`source`:`test.filters:1`,`exec`:[`/bin/kill`,`-9`,`4711`],"
	  "`run_as`:`root`,`env`:{},`context`:`nothing`,`capabilities`:`none`,`timeout`:0,`guards`:[],"
	  "`near`:[]}" },
};

START_TEST(decision_is_one_object)
{
	fixture_processes = &processes;
	fixture_context = rows[_i].context;
	ck_assert_str_eq(explain(rows[_i].policy, rows[_i].request), json(rows[_i].json));
}
END_TEST

static const struct {
	enum reason reason;
	const char *name;
} reasons[] = {
	{ REASON_NO_MATCH, "no-match" },           { REASON_BAD_FILTER, "bad-filter" },
	{ REASON_PATTERN_LIMIT, "pattern-limit" }, { REASON_TOO_LONG, "too-long" },
	{ REASON_PATH_GUARD, "path-guard" },       { REASON_IMPLICIT_PRIVSEP, "implicit-privsep" },
	{ REASON_NO_PROGRAM, "no-program" },       { REASON_UNSAFE_PROGRAM, "unsafe-program" },
};

START_TEST(denial_has_its_reason)
{
	const struct request request = fixture_request("ls");
	const struct decision decision = { .reason = reasons[_i].reason };
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	explain_append_json(&text, &request, &decision);
	assert_contains(text.text,
			json(arena_format(&fixture_arena, "`verdict`:`deny`,`reason`:`%s`", reasons[_i].name)));
}
END_TEST

/* Even a decision that holds all a permission holds is a denial without the verdict. */
START_TEST(verdict_alone_allows)
{
	static const char *const argv[] = { "/bin/sh", NULL };
	const struct request request = fixture_request("sh");
	const struct decision decision = {
		.filter = fixture_filter("sh: CommandFilter, sh, root"), .program = argv[0], .argv = argv, .argc = 1,
	};
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	explain_append_json(&text, &request, &decision);
	assert_contains(text.text, json("`verdict`:`deny`"));
	assert_contains(text.text, json("`exec`:[]"));
	assert_lacks(text.text, "/bin/sh");
}
END_TEST

/* A line of its own, whatever a caller or a policy writes. */
START_TEST(object_is_one_line_of_ascii)
{
	static char bytes[256];
	const char *const argv[] = { bytes, bytes, NULL };
	const struct request request = { .argc = 2, .argv = argv };
	struct near_miss miss = { .filter = fixture_filter("x: CommandFilter, x, root"), .why = bytes };
	struct filter filter = *miss.filter;
	struct decision decision = { .filter = &filter, .near = &miss };
	CLEANUP(strbuf_free) struct strbuf text = { 0 };
	bool printable = true;

	for (int i = 0; i < 255; i++)
		bytes[i] = (char)(i + 1);
	filter.name = filter.file = filter.run_as = bytes;
	explain_append_json(&text, &request, &decision);
	for (size_t i = 0; i < text.length; i++)
		printable = printable && text.text[i] >= 0x20 && text.text[i] <= 0x7e;
	ck_assert(printable);
	assert_contains(text.text, "\\udcff");
}
END_TEST

static void fill(TCase *tcase)
{
	fixture_add(tcase);
	add_table_test(tcase, decision_is_one_object, rows);
	add_table_test(tcase, denial_has_its_reason, reasons);
	tcase_add_test(tcase, verdict_alone_allows);
	tcase_add_test(tcase, object_is_one_line_of_ascii);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("explain as JSON");

	suite_add(suite, "explain as JSON", fill);
	return suite;
}

SUITE_MAIN(make_suite)
