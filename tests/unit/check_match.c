#include "match/match.h"

#include <fcntl.h>

#include "fixture.h"
#include "tree.h"

enum { TARGET = 4711 };

static const struct context unguarded = { .log_allowed = true };

static struct trust trust;
static struct decision decision;
static int open_targets;

/* Every process runs /usr/sbin/daemon, deleted since. */
static int open_process(pid_t pid, struct kill_target *target, struct error *error)
{
	if (pid != TARGET)
		return error_set(error, "there is no such process");
	*target = (struct kill_target){
		.pid = pid,
		.pidfd = dup(STDERR_FILENO),
		.directory = dup(STDERR_FILENO),
		.program = "/usr/sbin/daemon",
		.deleted = true,
		.same_mount_namespace = true,
	};
	open_targets++;
	return 0;
}

static const struct process_source processes = { .open = open_process };

static struct match_means means;

/*
 * Programs stand in @/bin and @/sbin; @/open is no directory to run anything from.
 * PathFilters stay in @/base.
 */
static void setup(void)
{
	static const char *const programs[] = { "bin/ls", "bin/cat", "bin/nice", "bin/ip", "bin/chown", "bin/prog",
						"bin/two", "sbin/two", "sbin/only", "open/ls", "open/tool" };

	fixture_setup();
	fixture_root = tree_root;
	fixture_context = &unguarded;
	fixture_processes = &processes;
	tree_directory("bin", 0755);
	tree_directory("sbin", 0755);
	tree_directory("open", 0777);
	tree_directory("base", 0755);
	tree_file("base/file", 0644, "");
	tree_link("base/link", "file");
	tree_link("base/out", "../open/tool");
	for (size_t i = 0; i < ARRAY_LENGTH(programs); i++)
		tree_file(programs[i], 0755, "");
	trust = (struct trust){ .owner = geteuid() };
	means = (struct match_means){ .trust = &trust, .processes = &processes };
	fixture_set_exec_dirs("@/bin", "@/sbin");
}

static void teardown(void)
{
	decision_free(&decision);
	trust_free(&trust);
	fixture_teardown();
}

static struct request decide(const char *line)
{
	const struct request request = fixture_request(line);

	decision_free(&decision);
	match_decide(&fixture_policy, &request, &means, &decision);
	return request;
}

static void assert_allowed(const char *filter, const char *inner, const char *command, const char *environment)
{
	ck_assert_msg(decision.verdict == VERDICT_ALLOW, "denied: %s", reason_name(decision.reason));
	ck_assert_int_eq(decision.reason, REASON_NONE);
	ck_assert_str_eq(decision.filter->name, filter);
	ck_assert_pstr_eq(decision.inner ? decision.inner->name : NULL, inner);
	ck_assert_str_eq(fixture_line(decision.argv, decision.argc), fixture_expand(command));
	ck_assert_ptr_null(decision.argv[decision.argc]);
	ck_assert_ptr_eq(decision.argv[0], decision.program);
	ck_assert_str_eq(fixture_line(decision.environment, decision.environment_count), environment);
	ck_assert_int_eq(decision.inner_program != NULL, inner != NULL);
}

/* A denial holds nothing that could be run. */
static void assert_denied(enum reason reason, const char *filter)
{
	ck_assert_int_eq(decision.verdict, VERDICT_DENY);
	ck_assert_str_eq(reason_name(decision.reason), reason_name(reason));
	ck_assert_pstr_eq(decision.filter ? decision.filter->name : NULL, filter);
	ck_assert_ptr_null(decision.program);
	ck_assert_ptr_null(decision.argv);
	ck_assert_uint_eq(decision.argc, 0);
	ck_assert_ptr_null(decision.inner);
	ck_assert_ptr_null(decision.inner_program);
	ck_assert_ptr_null(decision.environment);
	ck_assert_uint_eq(decision.environment_count, 0);
	ck_assert_ptr_null(decision.target);
	ck_assert_ptr_null(decision.file);
	ck_assert_uint_eq(decision.guards.count, 0);
}

static const char two_users[] = "a: CommandFilter, ls, root\n"
				"b: CommandFilter, ls, app\n";
static const char wide_first[] = "wide: CommandFilter, ls, root\n"
				 "narrow: RegExpFilter, ls, app, ls, -l\n";
static const char narrow_first[] = "narrow: RegExpFilter, ls, app, ls, -l\n"
				   "wide: CommandFilter, ls, root\n";
static const char missing_first[] = "a: CommandFilter, /nowhere/ls, root\n"
				    "b: CommandFilter, ls, app\n";
static const char both_missing[] = "a: CommandFilter, /nowhere/ls, root\n"
				   "b: CommandFilter, @/bin/nothing/ls, app\n";
static const char unsafe_first[] = "a: CommandFilter, @/open/ls, root\n"
				   "b: CommandFilter, ls, app\n";
static const char unsafe_second[] = "a: CommandFilter, /nowhere/ls, root\n"
				    "b: CommandFilter, @/open/ls, root\n"
				    "c: CommandFilter, ls, app\n";
static const char faulty_first[] = "bad: CommandFilter, ls\n"
				   "ls: CommandFilter, ls, root\n"
				   "cat: CommandFilter, cat, root\n";
static const char faulty_last[] = "ls: CommandFilter, ls, root\n"
				  "bad: CommandFilter, ls\n"
				  "bad2: EnvFilter, env\n";
static const char faulty_program[] = "bad: EnvFilter, env\n"
				     "ls: CommandFilter, ls, root\n";
static const char faulty_after_missing[] = "a: CommandFilter, /nowhere/ls, root\n"
					   "bad: CommandFilter, ls\n";
static const char faulty_pattern[] = "bad: RegExpFilter, ls, root, ls, (\n"
				     "ls: CommandFilter, ls, root\n"
				     "cat: CommandFilter, cat, root\n";
static const char loader[] = "bad: EnvFilter, env, root, LD_PRELOAD=, prog\n"
			     "wide: EnvFilter, env, root, LD_PRELOAD_X=, prog\n"
			     "prog: CommandFilter, prog, root\n"
			     "ls: CommandFilter, ls, root\n";
static const char endless[] = "slow: RegExpFilter, ls, root, ls, ([a-z]+)+x\n"
			      "ls: CommandFilter, ls, root\n";
static const char classes[] = "read: ReadFileFilter, /srv/app/state\n"
			      "path: PathFilter, chown, root, pass, @/base\n"
			      "env: EnvFilter, env, app, A=, B=, prog\n"
			      "ip: IpFilter, ip, root\n"
			      "two: CommandFilter, two, root\n"
			      "only: CommandFilter, only, root\n"
			      "priv: CommandFilter, missing, root\n";

static const char env_behind_env[] = "lvs: EnvFilter, env, root, A=, prog\n"
				     "env: CommandFilter, cat, root\n"
				     "any: RegExpFilter, env, root, env, .*\n"
				     "more: EnvFilter, env, app, B=, prog\n";
static const char env_and_faulty[] = "lvs: EnvFilter, env, root, A=, prog\n"
				     "bad: CommandFilter, env\n"
				     "more: EnvFilter, env, app, B=, prog\n";
static const char env_before_env[] = "any: RegExpFilter, env, root, env, .*\n"
				     "lvs: EnvFilter, env, root, A=, prog\n";

static const struct {
	const char *policy;
	const char *request;
	enum reason reason; /* REASON_NONE: allowed */
	const char *filter;
	const char *command;
	const char *environment;
} rows[] = {
	/* the first that matches */
	{ two_users, "ls -l", REASON_NONE, "a", "@/bin/ls -l", "" },
	{ wide_first, "ls -l", REASON_NONE, "wide", "@/bin/ls -l", "" },
	{ narrow_first, "ls -l", REASON_NONE, "narrow", "@/bin/ls -l", "" },
	{ narrow_first, "ls -a", REASON_NONE, "wide", "@/bin/ls -a", "" },
	{ two_users, "cat", REASON_NO_MATCH, NULL, NULL, NULL },
	{ two_users, "./ls", REASON_NO_MATCH, NULL, NULL, NULL },
	{ two_users, "@/bin/ls", REASON_NO_MATCH, NULL, NULL, NULL },
	{ two_users, "''", REASON_NO_MATCH, NULL, NULL, NULL },
	{ "", "ls", REASON_NO_MATCH, NULL, NULL, NULL },
	/* a missing program is remembered while the search goes on */
	{ missing_first, "ls", REASON_NONE, "b", "@/bin/ls", "" },
	{ both_missing, "ls", REASON_NO_PROGRAM, "a", NULL, NULL },
	{ both_missing, "cat", REASON_NO_MATCH, NULL, NULL, NULL },
	{ missing_first, "/nowhere/ls", REASON_NO_PROGRAM, "a", NULL, NULL },
	/* one that others can change ends it */
	{ unsafe_first, "ls", REASON_UNSAFE_PROGRAM, "a", NULL, NULL },
	{ unsafe_first, "@/open/ls", REASON_UNSAFE_PROGRAM, "a", NULL, NULL },
	{ unsafe_second, "ls", REASON_UNSAFE_PROGRAM, "b", NULL, NULL },
	/* a filter that cannot be used stays in its place, for requests that concern it */
	{ faulty_first, "ls", REASON_BAD_FILTER, "bad", NULL, NULL },
	{ faulty_first, "ls -l", REASON_BAD_FILTER, "bad", NULL, NULL },
	{ faulty_first, "cat x", REASON_NONE, "cat", "@/bin/cat x", "" },
	{ faulty_first, "nothing", REASON_NO_MATCH, NULL, NULL, NULL },
	{ faulty_last, "ls", REASON_NONE, "ls", "@/bin/ls", "" },
	{ faulty_last, "cat", REASON_BAD_FILTER, "bad2", NULL, NULL },
	{ faulty_program, "ls", REASON_BAD_FILTER, "bad", NULL, NULL },
	{ faulty_program, "anything", REASON_BAD_FILTER, "bad", NULL, NULL },
	{ faulty_after_missing, "ls", REASON_BAD_FILTER, "bad", NULL, NULL },
	{ faulty_pattern, "ls x", REASON_BAD_FILTER, "bad", NULL, NULL },
	{ faulty_pattern, "ls", REASON_BAD_FILTER, "bad", NULL, NULL },
	{ faulty_pattern, "cat x", REASON_NONE, "cat", "@/bin/cat x", "" },
	{ loader, "env LD_PRELOAD=/x prog", REASON_BAD_FILTER, "bad", NULL, NULL },
	{ loader, "env A=1 prog", REASON_BAD_FILTER, "bad", NULL, NULL },
	{ loader, "prog", REASON_BAD_FILTER, "bad", NULL, NULL },
	{ loader, "ls", REASON_NONE, "ls", "@/bin/ls", "" },
	/* what could not be decided is no mismatch */
	{ endless, "ls aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:", REASON_PATTERN_LIMIT, "slow", NULL, NULL },
	{ endless, "ls a:", REASON_NONE, "ls", "@/bin/ls a:", "" },
	{ endless, "ls x", REASON_NONE, "ls", "@/bin/ls x", "" },
	/* the program is found as its filter says, never as the caller does */
	{ classes, "two", REASON_NONE, "two", "@/bin/two", "" },
	{ classes, "only", REASON_NONE, "only", "@/sbin/only", "" },
	{ classes, "chown app @/base/link", REASON_NONE, "path", "@/bin/chown app @/base/file", "" },
	{ classes, "chown app @/base/out", REASON_NO_MATCH, NULL, NULL, NULL },
	{ classes, "env B=2 A=1 prog x", REASON_NONE, "env", "@/bin/prog x", "B=2 A=1" },
	{ classes, "A= B=2 prog", REASON_NONE, "env", "@/bin/prog", "B=2" },
	{ classes, "env A=1 B=2 C=3 prog", REASON_NO_MATCH, NULL, NULL, NULL },
	/* to oslo.rootwrap the filters behind an EnvFilter see no env */
	{ env_behind_env, "env ls", REASON_NO_MATCH, NULL, NULL, NULL },
	{ env_behind_env, "env A=1 prog", REASON_NONE, "lvs", "@/bin/prog", "A=1" },
	{ env_behind_env, "env B=1 prog", REASON_NONE, "more", "@/bin/prog", "B=1" },
	{ env_behind_env, "cat x", REASON_NONE, "env", "@/bin/cat x", "" },
	{ env_and_faulty, "env B=1 prog", REASON_BAD_FILTER, "bad", NULL, NULL },
	{ env_before_env, "env ls", REASON_NO_PROGRAM, "any", NULL, NULL },
	{ classes, "ip -4 addr", REASON_NONE, "ip", "@/bin/ip -4 addr", "" },
	{ classes, "ip netns exec blue ls", REASON_NO_MATCH, NULL, NULL, NULL },
	{ classes, "cat /etc/shadow", REASON_NO_MATCH, NULL, NULL, NULL },
	/* what oslo.rootwrap would run without anybody having written so */
	{ classes, "privsep-helper", REASON_IMPLICIT_PRIVSEP, NULL, NULL, NULL },
	{ classes, "privsep-helper --privsep_context x", REASON_IMPLICIT_PRIVSEP, NULL, NULL, NULL },
	{ classes, "/usr/bin/privsep-helper", REASON_NO_MATCH, NULL, NULL, NULL },
	{ classes, "privsep-helper2", REASON_NO_MATCH, NULL, NULL, NULL },
	{ "p: CommandFilter, privsep-helper, root\n", "privsep-helper", REASON_NO_PROGRAM, "p", NULL, NULL },
	{ "p: CommandFilter, privsep-helper\n", "privsep-helper", REASON_BAD_FILTER, "p", NULL, NULL },
};

START_TEST(request_is_decided)
{
	fixture_add_filters(rows[_i].policy);
	decide(rows[_i].request);
	if (rows[_i].reason == REASON_NONE)
		assert_allowed(rows[_i].filter, NULL, rows[_i].command, rows[_i].environment);
	else
		assert_denied(rows[_i].reason, rows[_i].filter);
}
END_TEST

static const char chains[] = "nice: ChainingRegExpFilter, nice, root, nice, [0-9]+\n"
			     "exec: IpNetnsExecFilter, ip, root\n"
			     "lost: ChainingRegExpFilter, lost, root, lost\n"
			     "loose: ChainingRegExpFilter, @/open/tool, root, loose\n"
			     "ls: CommandFilter, ls, root\n"
			     "cat: CommandFilter, cat, app\n"
			     "two-app: CommandFilter, two, app\n"
			     "two: CommandFilter, @/sbin/two, root\n"
			     "chown: PathFilter, chown, root, pass, @/base\n"
			     "env: EnvFilter, env, root, A=, prog\n"
			     "kill: KillFilter, root, /usr/sbin/daemon, -9\n"
			     "gone: CommandFilter, gone, root\n"
			     "gone-first: CommandFilter, /nowhere/only, root\n"
			     "only: CommandFilter, only, root\n"
			     "open: CommandFilter, @/open/tool, root\n"
			     "bad: CommandFilter, bad\n"
			     "bad-app: EnvFilter, env, app, LD_PRELOAD=, worse\n"
			     "bad-root: EnvFilter, env, root, LD_PRELOAD=, worst\n"
			     "slow: RegExpFilter, slow, root, slow, ([a-z]+)+x\n";

static const struct {
	const char *request;
	enum reason reason;
	const char *filter;
	const char *inner;
	const char *command;
	const char *environment;
} chained[] = {
	{ "nice 5 ls -l", REASON_NONE, "nice", "ls", "@/bin/nice 5 @/bin/ls -l", "" },
	{ "ip netns exec blue ls", REASON_NONE, "exec", "ls", "@/bin/ip netns exec blue @/bin/ls", "" },
	{ "ip net e blue ls ''", REASON_NONE, "exec", "ls", "@/bin/ip net e blue @/bin/ls ''", "" },
	/* a path only names a program of exec_dirs; what runs is what the inner filter finds */
	{ "nice 5 @/bin/ls", REASON_NONE, "nice", "ls", "@/bin/nice 5 @/bin/ls", "" },
	{ "nice 5 @/sbin/ls", REASON_NONE, "nice", "ls", "@/bin/nice 5 @/bin/ls", "" },
	{ "nice 5 two", REASON_NONE, "nice", "two", "@/bin/nice 5 @/sbin/two", "" },
	{ "nice 5 @/bin/two", REASON_NONE, "nice", "two", "@/bin/nice 5 @/sbin/two", "" },
	{ "nice 5 only", REASON_NONE, "nice", "only", "@/bin/nice 5 @/sbin/only", "" },
	/* with what the inner filter made of it */
	{ "nice 5 chown app @/base/link", REASON_NONE, "nice", "chown",
	  "@/bin/nice 5 @/bin/chown app @/base/file", "" },
	{ "nice 5 env A=1 prog x", REASON_NONE, "nice", "env", "@/bin/nice 5 @/bin/prog x", "A=1" },
	{ "ip netns exec blue A=1 prog", REASON_NONE, "exec", "env", "@/bin/ip netns exec blue @/bin/prog",
	  "A=1" },

	{ "nice 5 /home/app/ls", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	{ "nice 5 ./ls", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	{ "nice 5 @/open/ls", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	{ "nice 5 @/bin/../bin/ls", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	{ "nice 5 @/bin/sub/ls", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	{ "nice 5 @/binx/ls", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	{ "nice 5 /@/bin/ls", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	{ "nice 5 bin/ls", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	{ "nice 5 @/bin/", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	{ "ip netns exec blue /home/app/ls", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	{ "nice 5 env A=/home/app/prog", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	/* only filters of the chain's user, and none that chains */
	{ "nice 5 cat x", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	{ "nice 5 nice 5 ls", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	{ "nice 5 ip netns exec blue ls", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	{ "ip netns exec blue ip netns exec red ls", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	{ "nice 5 lost ls", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	/* there must be an inner command, and it must be allowed */
	{ "nice 5", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	{ "nice 5 ''", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	{ "nice 5 sh -c x", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	{ "nice 5 5 ls", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	{ "nice 5 chown app @/base/out", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	{ "nice 5 env A=1 B=2 prog", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	{ "nice 5 privsep-helper", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	/* the process could be another by the time an inner kill runs */
	{ "nice 5 kill -9 4711", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	/* programs that are missing, or that others can change */
	{ "nice 5 gone", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	{ "nice 5 tool", REASON_UNSAFE_PROGRAM, "open", NULL, NULL, NULL },
	{ "lost ls", REASON_NO_PROGRAM, "lost", NULL, NULL, NULL },
	{ "lost sh", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	{ "loose ls", REASON_UNSAFE_PROGRAM, "loose", NULL, NULL, NULL },
	{ "loose sh", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	/* filters that cannot be used; without a user one may have been meant for this one */
	{ "nice 5 bad", REASON_BAD_FILTER, "bad", NULL, NULL, NULL },
	{ "nice 5 worst", REASON_BAD_FILTER, "bad-root", NULL, NULL, NULL },
	{ "nice 5 env B=1 worst", REASON_BAD_FILTER, "bad-root", NULL, NULL, NULL },
	{ "nice 5 worse", REASON_NO_MATCH, NULL, NULL, NULL, NULL },
	{ "nice 5 slow aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:", REASON_PATTERN_LIMIT, "slow", NULL, NULL, NULL },
};

START_TEST(inner_command_is_decided)
{
	fixture_add_filters(chains);
	decide(chained[_i].request);
	if (chained[_i].reason == REASON_NONE)
		assert_allowed(chained[_i].filter, chained[_i].inner, chained[_i].command, chained[_i].environment);
	else
		assert_denied(chained[_i].reason, chained[_i].filter);
}
END_TEST

START_TEST(inner_command_is_told_where_it_begins)
{
	fixture_add_filters(chains);
	decide("ip netns exec blue ls -l");
	ck_assert_str_eq(decision.inner_program, fixture_expand("@/bin/ls"));
	decide("nice 5 env A=1 prog");
	ck_assert_str_eq(decision.inner_program, fixture_expand("@/bin/prog"));
}
END_TEST

/* What was judged is what is recorded: matching must not touch the request. */
START_TEST(request_is_never_changed)
{
	static const char *const lines[] = { "env env env ls",
					     "env A=1 B=2 prog",
					     "nice 5 @/bin/ls -l",
					     "nice 5 env A=1 prog",
					     "ip netns exec blue chown app @/base/link",
					     "chown app @/base/./link",
					     "kill -9 4711" };

	fixture_add_filters(classes);
	fixture_add_filters(chains);
	for (size_t i = 0; i < ARRAY_LENGTH(lines); i++) {
		const struct request request = fixture_request(lines[i]);
		const char **copy = arena_allocate(&fixture_arena, request.argc + 1, sizeof(*copy));

		memcpy(copy, request.argv, (request.argc + 1) * sizeof(*copy));
		decision_free(&decision);
		match_decide(&fixture_policy, &request, &means, &decision);
		ck_assert_mem_eq(copy, request.argv, (request.argc + 1) * sizeof(*copy));
		ck_assert_str_eq(fixture_line(request.argv, request.argc), fixture_expand(lines[i]));
	}
}
END_TEST

/* One filter must not pave the way for the next by what it takes off the arguments. */
START_TEST(filters_see_the_whole_request)
{
	fixture_add_filters("env: EnvFilter, env, root, A=, prog\n"
			    "ls: CommandFilter, ls, root\n");
	decide("env ls -d /root");
	assert_denied(REASON_NO_MATCH, NULL);
	decide("env env ls");
	assert_denied(REASON_NO_MATCH, NULL);
	decide("A=1 ls");
	assert_denied(REASON_NO_MATCH, NULL);
}
END_TEST

START_TEST(process_is_held_until_the_decision_is_freed)
{
	int free_descriptor = dup(STDERR_FILENO);

	close(free_descriptor);
	means.assume_programs = true;
	fixture_add_filters(chains);
	decide("kill -9 4711");
	assert_allowed("kill", NULL, "/bin/kill -9 4711", "");
	ck_assert_int_eq(decision.signal, 9);
	ck_assert_int_eq(decision.target->pid, TARGET);
	ck_assert_int_ge(fcntl(decision.target->pidfd, F_GETFD), 0);
	decision_free(&decision);
	ck_assert_int_eq(dup(STDERR_FILENO), free_descriptor);
	close(free_descriptor);
	/* and let go where no signal will be sent */
	decide("nice 5 kill -9 4711");
	ck_assert_int_eq(open_targets, 2);
	ck_assert_int_eq(dup(STDERR_FILENO), free_descriptor);
	close(free_descriptor);
}
END_TEST

START_TEST(file_to_be_read_is_that_of_the_filter)
{
	means.assume_programs = true;
	fixture_add_filters(classes);
	decide("cat /srv/app/state");
	assert_allowed("read", NULL, "/bin/cat /srv/app/state", "");
	ck_assert_str_eq(decision.file, "/srv/app/state");
	decide("ip addr");
	ck_assert_ptr_null(decision.file);
}
END_TEST

START_TEST(programs_can_be_taken_to_exist)
{
	means.assume_programs = true;
	fixture_add_filters(missing_first);
	decide("ls");
	assert_allowed("a", NULL, "/nowhere/ls", "");
	fixture_add_filters("gone: CommandFilter, gone, root\n");
	decide("gone");
	assert_allowed("gone", NULL, "@/bin/gone", "");
}
END_TEST

static const size_t lengths[] = { REQUEST_MAX_BYTES - 4, REQUEST_MAX_BYTES - 3, REQUEST_MAX_BYTES,
				  REQUEST_MAX_BYTES * 4 };

/* "ls", and one argument with its end. */
START_TEST(command_that_could_not_be_audited_whole_is_refused)
{
	char *argument = arena_allocate(&fixture_arena, lengths[_i] + 1, 1);
	const char *const argv[] = { "ls", argument, NULL };
	const struct request request = { .argc = 2, .argv = argv, .cwd = "/" };

	memset(argument, 'x', lengths[_i]);
	fixture_add_filters(two_users);
	match_decide(&fixture_policy, &request, &means, &decision);
	if (lengths[_i] + 1 + sizeof("ls") <= REQUEST_MAX_BYTES)
		assert_allowed("a", NULL,
			       fixture_line((const char *const[]){ fixture_expand("@/bin/ls"), argument }, 2),
			       "");
	else
		assert_denied(REASON_TOO_LONG, NULL);
}
END_TEST

/* Not even a filter that cannot be used gets to see it. */
START_TEST(many_empty_arguments_are_too_long_too)
{
	size_t count = REQUEST_MAX_BYTES + 1;
	const char **argv = arena_allocate(&fixture_arena, count + 1, sizeof(*argv));
	const struct request request = { .argc = count, .argv = argv, .cwd = "/" };

	for (size_t i = 0; i < count; i++)
		argv[i] = "";
	fixture_add_filters(faulty_program);
	match_decide(&fixture_policy, &request, &means, &decision);
	assert_denied(REASON_TOO_LONG, NULL);
}
END_TEST

/* Why a search ended, for a person. */
static const struct {
	const char *policy;
	const char *request;
	const char *why; /* NULL: there is no more to say */
} explained[] = {
	{ faulty_first, "ls", "needs the fields program, user" },
	{ faulty_pattern, "ls", "field 4: " },
	{ endless, "ls aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:", "too many steps" },
	{ unsafe_first, "ls", "@/open: owned by uid" },
	{ both_missing, "ls", NULL },
	{ two_users, "cat", NULL },
	{ missing_first, "ls", NULL },
};

START_TEST(end_of_the_search_is_explained)
{
	fixture_add_filters(explained[_i].policy);
	decide(explained[_i].request);
	if (explained[_i].why)
		assert_contains(decision.why, fixture_expand(explained[_i].why));
	else
		ck_assert_ptr_null(decision.why);
}
END_TEST

/* "filter:argument" of each, the closest first. */
static const char *near_line(void)
{
	CLEANUP(strbuf_free) struct strbuf line = { 0 };

	for (const struct near_miss *miss = decision.near; miss; miss = miss->next)
		strbuf_append_format(&line, "%s%s:%zu", line.length > 0 ? " " : "", miss->filter->name,
				     miss->argument);
	return arena_string(&fixture_arena, strbuf_text(&line));
}

static const char near_policy[] = "far: CommandFilter, cat, root\n"
				  "name: CommandFilter, @/bin/ls, root\n"
				  "one: RegExpFilter, ls, root, @/sbin/ls, -l, .*\n"
				  "two: RegExpFilter, ls, root, @/sbin/ls, .*, -x\n"
				  "count: RegExpFilter, ls, root, @/sbin/ls\n";

START_TEST(nearest_filters_come_first)
{
	fixture_add_filters(near_policy);
	means.find_near_misses = true;
	decide("@/sbin/ls -a -b");
	assert_denied(REASON_NO_MATCH, NULL);
	ck_assert_str_eq(near_line(), "two:2 one:1 name:0 count:0");
	decide("nothing");
	ck_assert_str_eq(near_line(), "");
}
END_TEST

START_TEST(near_misses_cost_nothing_unless_asked_for)
{
	fixture_add_filters(near_policy);
	decide("@/sbin/ls -a -b");
	assert_denied(REASON_NO_MATCH, NULL);
	ck_assert_ptr_null(decision.near);
}
END_TEST

/* An argument of the inner command is one of the request, and is counted from its beginning. */
static const struct {
	const char *request;
	const char *near;
} inner_near[] = {
	{ "nice 5 sh", "nice:2" },
	{ "nice 5 chown app @/base/out", "chown:4 nice:2" },
	{ "nice 5 chown app", "chown:4 nice:2" },
	{ "nice 5 chown -R @/base", "chown:3 nice:2" },
	{ "ip netns exec blue chown app @/base/out", "chown:6 exec:4" },
	{ "nice 5 /home/app/ls", "nice:2" },
	{ "nice 5", "nice:2" },
	{ "nice x ls", "nice:1" },
};

START_TEST(argument_of_an_inner_command_is_counted_from_the_first)
{
	fixture_add_filters("nice: ChainingRegExpFilter, nice, root, nice, [0-9]+\n"
			    "exec: IpNetnsExecFilter, ip, root\n"
			    "chown: PathFilter, chown, root, pass, @/base\n");
	means.find_near_misses = true;
	decide(inner_near[_i].request);
	assert_denied(REASON_NO_MATCH, NULL);
	ck_assert_str_eq(near_line(), inner_near[_i].near);
}
END_TEST

/* /bin/true stands where no directory for the test's files can be. */
static const char guarded_policy[] = "true: PathFilter, /bin/true, root, pass, @/base\n"
				     "ls: PathFilter, ls, root, pass, @/base\n"
				     "mount: PathFilter, /bin/mount, root, pass, @/base\n"
				     "nice: ChainingRegExpFilter, nice, root, nice, [0-9]+\n";

START_TEST(checked_path_is_held)
{
	fixture_context = &context_built_in;
	fixture_add_filters(guarded_policy);
	decide("/bin/true x @/base/file");
	assert_allowed("true", NULL, "/bin/true x @/base/file", "");
	ck_assert_uint_eq(decision.guards.count, 1);
	ck_assert_int_eq(
		strncmp(decision.guards.directories[0], tree_root, strlen(decision.guards.directories[0])),
		0);
	decide("nice 5 true x @/base/link");
	assert_allowed("nice", "true", "@/bin/nice 5 /bin/true x @/base/file", "");
	ck_assert_uint_eq(decision.guards.count, 1);
}
END_TEST

/* The program itself must stay in reach, and its work must be seen by others. */
START_TEST(command_that_cannot_run_guarded_is_refused)
{
	fixture_context = &context_built_in;
	fixture_add_filters(guarded_policy);
	means.assume_programs = true;
	decide("ls x @/base/file");
	assert_denied(REASON_PATH_GUARD, "ls");
	assert_contains(decision.why, "path_guard = off");
	decide("/bin/mount x @/base/file");
	assert_denied(REASON_PATH_GUARD, "mount");
	assert_contains(decision.why, "path_guard = off");
}
END_TEST

/* What starts the guarded command must not leave the guard behind, as nsenter would. */
START_TEST(chain_that_leaves_the_guard_is_refused)
{
	fixture_context = &context_built_in;
	fixture_add_filters(guarded_policy);
	fixture_add_filters("nsenter: ChainingRegExpFilter, nsenter, root, nsenter, -m\n"
			    "netns: IpNetnsExecFilter, ip, root\n");
	means.assume_programs = true;
	decide("nsenter -m true x @/base/file");
	assert_denied(REASON_PATH_GUARD, "true");
	assert_contains(decision.why, "path_guard = off");
	decide("ip netns exec net true x @/base/file");
	ck_assert_int_eq(decision.verdict, VERDICT_ALLOW);
	ck_assert_uint_eq(decision.guards.count, 1);
}
END_TEST

START_TEST(context_can_switch_the_guard_off)
{
	fixture_add_filters(guarded_policy);
	decide("ls x @/base/file");
	assert_allowed("ls", NULL, "@/bin/ls x @/base/file", "");
	ck_assert_uint_eq(decision.guards.count, 0);
}
END_TEST

/* A chain without a context starts none that its author meant to confine; of one that has its own, that counts. */
START_TEST(chain_takes_no_command_out_of_its_context)
{
	static const char chain[] = "nice: ChainingRegExpFilter, nice, root, nice, [0-9]+";
	static const char two[] = "two: CommandFilter, @/sbin/two, root";
	static const struct context none = { .rule = CAPABILITIES_EXACT, .log_allowed = true, .guard_paths = true };
	static const struct context one = { .rule = CAPABILITIES_EXACT, .capabilities = 2, .log_allowed = true };
	static const struct context limit = { .timeout = 9, .log_allowed = true, .guard_paths = true };
	static const struct context masked = { .log_allowed = true };
	const struct context *const inherited = &fixture_policy.settings.context;
	const struct {
		const struct context *chain;
		const struct context *inner;
		bool allowed;
	} pairs[] = {
		{ inherited, inherited, true }, { inherited, &none, false },   { inherited, &limit, false },
		{ &none, inherited, true },     { &none, &none, true },        { &none, &one, true },
		{ &limit, &none, true },       { inherited, &masked, true },
	};

	fixture_policy.settings.context = context_built_in;
	for (size_t i = 0; i < ARRAY_LENGTH(pairs); i++) {
		fixture_policy.list.count = 0;
		fixture_context = pairs[i].chain;
		fixture_add_filters(chain);
		fixture_context = pairs[i].inner;
		fixture_add_filters(two);
		decide("nice 5 two");
		if (pairs[i].allowed)
			assert_allowed("nice", "two", "@/bin/nice 5 @/sbin/two", "");
		else
			assert_denied(REASON_NO_MATCH, NULL);
	}
}
END_TEST

/* The real cat(1) would follow the links of whoever can make them. */
START_TEST(chain_reads_no_file_to_which_others_can_change_the_way)
{
	fixture_context = &context_built_in;
	fixture_add_filters("nice: ChainingRegExpFilter, nice, root, nice, [0-9]+\n"
			    "theirs: ReadFileFilter, @/base/file\n"
			    "roots: ReadFileFilter, /etc/passwd\n"
			    "link: ReadFileFilter, /proc/self/status\n");
	means.assume_programs = true;
	decide("cat @/base/file");
	ck_assert_int_eq(decision.verdict, VERDICT_ALLOW);
	decide("nice 5 cat @/base/file");
	assert_denied(REASON_NO_MATCH, NULL);
	decide("nice 5 cat /proc/self/status");
	assert_denied(REASON_NO_MATCH, NULL);
	decide("nice 5 cat /etc/passwd");
	ck_assert_int_eq(decision.verdict, VERDICT_ALLOW);
}
END_TEST

/* Of a chain either filter can. */
START_TEST(either_context_can_switch_the_guard_off)
{
	static const char chain[] = "nice: ChainingRegExpFilter, nice, root, nice, [0-9]+";
	static const char path[] = "true: PathFilter, /bin/true, root, pass, @/base";
	const struct context *const contexts[][2] = {
		{ &context_built_in, &context_built_in },
		{ &unguarded, &context_built_in },
		{ &context_built_in, &unguarded },
	};

	for (size_t i = 0; i < ARRAY_LENGTH(contexts); i++) {
		fixture_policy.list.count = 0;
		fixture_context = contexts[i][0];
		fixture_add_filters(chain);
		fixture_context = contexts[i][1];
		fixture_add_filters(path);
		decide("nice 5 true x @/base/file");
		assert_allowed("nice", "true", "@/bin/nice 5 /bin/true x @/base/file", "");
		ck_assert_uint_eq(decision.guards.count, i == 0 ? 1 : 0);
	}
}
END_TEST

static void fill_search(TCase *tcase)
{
	tree_add_fixtures(tcase);
	tcase_add_checked_fixture(tcase, setup, teardown);
	add_table_test(tcase, request_is_decided, rows);
	tcase_add_test(tcase, request_is_never_changed);
	tcase_add_test(tcase, filters_see_the_whole_request);
	tcase_add_test(tcase, process_is_held_until_the_decision_is_freed);
	tcase_add_test(tcase, file_to_be_read_is_that_of_the_filter);
	tcase_add_test(tcase, programs_can_be_taken_to_exist);
	add_table_test(tcase, command_that_could_not_be_audited_whole_is_refused, lengths);
	tcase_add_test(tcase, many_empty_arguments_are_too_long_too);
	add_table_test(tcase, end_of_the_search_is_explained, explained);
}

static void fill_chains(TCase *tcase)
{
	tree_add_fixtures(tcase);
	tcase_add_checked_fixture(tcase, setup, teardown);
	add_table_test(tcase, inner_command_is_decided, chained);
	tcase_add_test(tcase, inner_command_is_told_where_it_begins);
}

static void fill_near_misses(TCase *tcase)
{
	tree_add_fixtures(tcase);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, nearest_filters_come_first);
	tcase_add_test(tcase, near_misses_cost_nothing_unless_asked_for);
	add_table_test(tcase, argument_of_an_inner_command_is_counted_from_the_first, inner_near);
}

static void fill_guards(TCase *tcase)
{
	tree_add_fixtures(tcase);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, checked_path_is_held);
	tcase_add_test(tcase, command_that_cannot_run_guarded_is_refused);
	tcase_add_test(tcase, chain_that_leaves_the_guard_is_refused);
	tcase_add_test(tcase, chain_takes_no_command_out_of_its_context);
	tcase_add_test(tcase, chain_reads_no_file_to_which_others_can_change_the_way);
	tcase_add_test(tcase, context_can_switch_the_guard_off);
	tcase_add_test(tcase, either_context_can_switch_the_guard_off);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("match");

	suite_add(suite, "search", fill_search);
	suite_add(suite, "chains", fill_chains);
	suite_add(suite, "near misses", fill_near_misses);
	suite_add(suite, "guards", fill_guards);
	return suite;
}

SUITE_MAIN(make_suite)
