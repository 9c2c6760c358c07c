#include <fcntl.h>
#include <signal.h>

#include "filters/kill_target.h"
#include "fixture.h"
#include "tree.h"

enum { TARGET = 4711 };

/* The process that the fake source has, and what became of it. */
static struct kill_target process;
static int opened;
static struct kill_target *given;

static int open_process(pid_t pid, struct kill_target *target, struct error *error)
{
	opened++;
	if (pid != TARGET)
		return error_set(error, "there is no such process");
	*target = process;
	target->pid = pid;
	target->pidfd = dup(STDERR_FILENO);
	target->directory = dup(STDERR_FILENO);
	given = target;
	return 0;
}

static const struct process_source fake = { .open = open_process };

static void run(const char *program)
{
	process = (struct kill_target){
		.deleted = true, .same_mount_namespace = true, .same_user_namespace = true,
	};
	ck_assert_uint_lt(strlen(program), sizeof(process.program));
	strcpy(process.program, program);
}

static void setup(void)
{
	fixture_processes = &fake;
	fixture_set_exec_dirs("/usr/sbin", "/opt/app/bin");
	run("/usr/sbin/daemon");
}

static const char with_signals[] = "k: KillFilter, root, /usr/sbin/daemon, -9, -HUP";
static const char without_signals[] = "k: KillFilter, root, /usr/sbin/daemon";
static const char bare[] = "k: KillFilter, app, daemon, -TERM";

static const struct {
	const char *filter;
	const char *request;
	int signal; /* 0: no match */
	size_t failed;
} requests[] = {
	{ with_signals, "kill -9 4711", SIGKILL, 0 },
	{ with_signals, "kill -HUP 4711", SIGHUP, 0 },
	{ without_signals, "kill 4711", SIGTERM, 0 },
	{ bare, "kill -TERM 4711", SIGTERM, 0 },

	{ with_signals, "/bin/kill -9 4711", 0, 0 },
	{ with_signals, "./kill -9 4711", 0, 0 },
	{ with_signals, "pkill -9 4711", 0, 0 },
	{ with_signals, "'' -9 4711", 0, 0 },
	{ with_signals, "kill", 0, 1 },
	{ with_signals, "kill -9", 0, 1 },
	{ with_signals, "kill -9 4711 4711", 0, 4 },
	{ with_signals, "kill -9 4711 ''", 0, 4 },
	{ with_signals, "kill -9 -- 4711", 0, 4 },
	{ with_signals, "kill -s KILL 4711", 0, 4 },
	{ without_signals, "kill", 0, 1 },
	{ without_signals, "kill -TERM 4711", 0, 1 },
	{ without_signals, "kill -15 4711", 0, 1 },
	{ without_signals, "kill -- 4711", 0, 1 },
	{ without_signals, "kill '' 4711", 0, 1 },
	/* the literal spellings of the filter */
	{ with_signals, "kill 4711", 0, 1 },
	{ with_signals, "kill -KILL 4711", 0, 1 },
	{ with_signals, "kill -SIGKILL 4711", 0, 1 },
	{ with_signals, "kill -09 4711", 0, 1 },
	{ with_signals, "kill -9x 4711", 0, 1 },
	{ with_signals, "kill 9 4711", 0, 1 },
	{ with_signals, "kill ' -9' 4711", 0, 1 },
	{ with_signals, "kill $'-9\\012' 4711", 0, 1 },
	{ with_signals, "kill -hup 4711", 0, 1 },
	{ with_signals, "kill -1 4711", 0, 1 },
	{ with_signals, "kill -l 4711", 0, 1 },
	{ with_signals, "kill -- 4711", 0, 1 },
	{ with_signals, "kill '' 4711", 0, 1 },
	/* plain digits above 1 */
	{ with_signals, "kill -9 ''", 0, 2 },
	{ with_signals, "kill -9 0", 0, 2 },
	{ with_signals, "kill -9 1", 0, 2 },
	{ with_signals, "kill -9 -1", 0, 2 },
	{ with_signals, "kill -9 -4711", 0, 2 },
	{ with_signals, "kill -9 +4711", 0, 2 },
	{ with_signals, "kill -9 04711", 0, 2 },
	{ with_signals, "kill -9 ' 4711'", 0, 2 },
	{ with_signals, "kill -9 '4711 '", 0, 2 },
	{ with_signals, "kill -9 $'4711\\012'", 0, 2 },
	{ with_signals, "kill -9 4_711", 0, 2 },
	{ with_signals, "kill -9 4711x", 0, 2 },
	{ with_signals, "kill -9 0x1267", 0, 2 },
	{ with_signals, "kill -9 4711.0", 0, 2 },
	{ with_signals, "kill -9 4711/../1", 0, 2 },
	{ with_signals, "kill -9 self", 0, 2 },
	{ with_signals, "kill -9 $'\\357\\274\\224711'", 0, 2 },
	{ with_signals, "kill -9 4294972007", 0, 2 },            /* 2^32 + 4711 */
	{ with_signals, "kill -9 18446744073709556327", 0, 2 }, /* 2^64 + 4711 */
	{ with_signals, "kill -9 10000000", 0, 2 },
	{ with_signals, "kill -9 4712", 0, 2 },
	{ without_signals, "kill 1", 0, 1 },
	{ without_signals, "kill -1", 0, 1 },
	{ without_signals, "kill 4712", 0, 1 },
};

START_TEST(signal_and_process_are_listed)
{
	struct filter_match match;
	const struct request request = fixture_request(requests[_i].request);
	enum filter_result result = fixture_match(requests[_i].filter, requests[_i].request, &match);

	if (requests[_i].signal == 0) {
		ck_assert_int_eq(result, FILTER_NO_MATCH);
		ck_assert_uint_eq(match.failed_argument, requests[_i].failed);
		ck_assert_ptr_nonnull(match.why);
		ck_assert_ptr_null(match.target);
		return;
	}
	ck_assert_int_eq(result, FILTER_MATCH);
	ck_assert_int_eq(match.signal, requests[_i].signal);
	ck_assert_ptr_eq(match.target, given);
	ck_assert_int_eq(match.target->pid, TARGET);
	ck_assert_str_eq(fixture_line(match.arguments, match.argument_count),
			 fixture_line(request.argv + 1, request.argc - 1));
	kill_target_close(match.target);
}
END_TEST

/* A process is looked at only when all else is right. */
START_TEST(wrong_request_looks_at_no_process)
{
	struct filter_match match;

	ck_assert_int_eq(fixture_match(with_signals, "kill -KILL 4711", &match), FILTER_NO_MATCH);
	ck_assert_int_eq(fixture_match(with_signals, "kill 4711", &match), FILTER_NO_MATCH);
	ck_assert_int_eq(fixture_match(with_signals, "kill -9 1", &match), FILTER_NO_MATCH);
	ck_assert_int_eq(opened, 0);
}
END_TEST

static const struct {
	const char *wanted; /* the filter's program */
	const char *program;
	bool match;
} programs[] = {
	{ "/usr/sbin/daemon", "/usr/sbin/daemon", true },
	{ "daemon", "/usr/sbin/daemon", true },
	{ "daemon", "/opt/app/bin/daemon", true },

	{ "/usr/sbin/daemon", "/sbin/daemon", false },
	{ "/usr/sbin/daemon", "/home/app/usr/sbin/daemon", false },
	{ "/usr/sbin/daemon", "/usr/sbin/daemon2", false },
	{ "/usr/sbin/daemon", "/usr/sbin/daemo", false },
	{ "/usr/sbin/daemon", "/usr/sbin/Daemon", false },
	{ "/usr/sbin/daemon", "/usr/sbin/daemon/", false },
	{ "/usr/sbin/daemon", "daemon", false },
	{ "/usr/sbin/daemon", "", false },
	{ "/usr/sbin/", "/usr/sbin/daemon", false },
	/* a bare name: a file of an exec_dirs entry, never of the caller's PATH */
	{ "daemon", "/home/app/bin/daemon", false },
	{ "daemon", "/usr/bin/daemon", false },
	{ "daemon", "/usr/sbin/sub/daemon", false },
	{ "daemon", "/usr/sbin/../sbin/daemon", false },
	{ "daemon", "/usr/sbin/daemon2", false },
	{ "daemon", "daemon", false },
	{ "daemon", "/daemon", false },
	{ "daemon", "", false },
	{ "daemon", "memfd:daemon", false },
	{ "daemon", "(unreachable)/usr/sbin/daemon", false },
};

START_TEST(process_runs_the_program)
{
	const char *line = arena_format(&fixture_arena, "k: KillFilter, root, %s", programs[_i].wanted);
	struct filter_match match;

	run(programs[_i].program);
	ck_assert_int_eq(fixture_match(line, "kill 4711", &match),
			 programs[_i].match ? FILTER_MATCH : FILTER_NO_MATCH);
	if (programs[_i].match) {
		kill_target_close(match.target);
		return;
	}
	ck_assert_ptr_null(match.target);
	ck_assert_int_eq(opened, 1);
	/* and it is let go */
	ck_assert_int_eq(given->pidfd, -1);
	ck_assert_int_eq(given->directory, -1);
}
END_TEST

START_TEST(untrusted_directory_holds_no_program)
{
	struct filter_match match;

	fixture_policy.exec_dirs.entries[0].trusted = false;
	ck_assert_int_eq(fixture_match("k: KillFilter, root, daemon", "kill 4711", &match), FILTER_NO_MATCH);
	run("/opt/app/bin/daemon");
	ck_assert_int_eq(fixture_match("k: KillFilter, root, daemon", "kill 4711", &match), FILTER_MATCH);
	kill_target_close(match.target);
}
END_TEST

/* Beside the text of the path: is it the very file? */
static const struct {
	bool deleted;
	bool same_mount_namespace;
	bool same_user_namespace;
	bool file_exists;
	bool same_device;
	bool same_inode;
	bool match;
} files[] = {
	{ false, true, true, true, true, true, true },
	{ false, true, false, true, true, true, true },
	{ true, true, true, true, false, false, true },
	{ true, true, true, false, false, false, true },
	{ false, false, true, false, false, false, true },
	{ false, false, true, true, false, false, true },
	{ true, false, true, false, false, false, true },

	{ false, true, true, true, true, false, false },
	{ false, true, true, true, false, true, false },
	{ false, true, true, false, true, true, false },
	{ false, false, false, true, true, true, false },
	{ true, false, false, false, false, false, false },
};

START_TEST(file_is_the_one_at_the_path)
{
	const char *line = arena_format(&fixture_arena, "k: KillFilter, root, %s", tree_path("program"));
	struct filter_match match;
	struct stat status;

	tree_file("program", 0755, "");
	ck_assert_int_eq(stat(tree_path("program"), &status), 0);
	if (!files[_i].file_exists)
		ck_assert_int_eq(unlink(tree_path("program")), 0);
	run(tree_path("program"));
	process.deleted = files[_i].deleted;
	process.same_mount_namespace = files[_i].same_mount_namespace;
	process.same_user_namespace = files[_i].same_user_namespace;
	process.device = files[_i].same_device ? status.st_dev : status.st_dev + 1;
	process.inode = files[_i].same_inode ? status.st_ino : status.st_ino + 1;
	ck_assert_int_eq(fixture_match(line, "kill 4711", &match), files[_i].match ? FILTER_MATCH : FILTER_NO_MATCH);
	if (files[_i].match)
		kill_target_close(match.target);
	else
		ck_assert_int_eq(given->pidfd, -1);
}
END_TEST

static const struct {
	const char *spelling;
	int number; /* -1: no signal */
} signals[] = {
	{ "-9", SIGKILL },      { "-15", SIGTERM },     { "-0", 0 },
	{ "-1", SIGHUP },       { "-64", 64 },          { "-HUP", SIGHUP },
	{ "-SIGHUP", SIGHUP },  { "-KILL", SIGKILL },   { "-sigkill", SIGKILL },
	{ "-usr1", SIGUSR1 },   { "-CHLD", SIGCHLD },   { "-SIGSTOP", SIGSTOP },
	{ "9", -1 },            { "", -1 },             { "-", -1 },
	{ "--", -1 },           { "--9", -1 },          { "-65", -1 },
	{ "-9x", -1 },          { "- 9", -1 },          { "-+9", -1 },
	{ "-SIG", -1 },         { "-SIGSIGHUP", -1 },   { "-HUPX", -1 },
	{ "-s", -1 },           { "-l", -1 },           { "HUP", -1 },
	{ "-4294967305", -1 },  { "-18446744073709551625", -1 },
};

START_TEST(spelling_of_a_signal_is_known)
{
	const char *line = arena_format(&fixture_arena, "k: KillFilter, root, /usr/sbin/daemon, -9, %s",
					signals[_i].spelling);
	const char *request = arena_format(&fixture_arena, "kill %s 4711", signals[_i].spelling);
	struct filter_match match;

	if (signals[_i].number < 0) {
		fixture_expect_unusable(line, "field 4: a signal is written");
		return;
	}
	ck_assert_int_eq(fixture_match(line, request, &match), FILTER_MATCH);
	ck_assert_int_eq(match.signal, signals[_i].number);
	kill_target_close(match.target);
}
END_TEST

static const struct {
	const char *line;
	const char *why;
} unusable[] = {
	{ "x: KillFilter", "user, program, signal..." },
	{ "x: KillFilter, root", "user, program, signal..." },
	{ "x: KillFilter, root, ", "field 2" },
	{ "x: KillFilter, root, sbin/daemon", "field 2" },
	{ "x: KillFilter, root, ./daemon", "field 2" },
	{ "x: KillFilter, root, daemon/", "field 2" },
	{ "x: KillFilter, root, /usr/sbin/daemon, TERM", "field 3" },
	{ "x: KillFilter, root, /usr/sbin/daemon, -9, ", "field 4" },
};

/* Whatever is wrong, the filter stands for kill. */
START_TEST(faulty_line_cannot_be_used)
{
	const struct request request = fixture_request("kill 4711");

	fixture_expect_unusable(unusable[_i].line, unusable[_i].why);
	ck_assert(filter_concerns(fixture_filter(unusable[_i].line), &request));
}
END_TEST

START_TEST(user_is_the_first_field)
{
	const struct filter *filter = fixture_filter(bare);

	ck_assert_str_eq(filter->run_as, "app");
	ck_assert_str_eq(filter->program, "/bin/kill");
}
END_TEST

static void fill(TCase *tcase)
{
	fixture_add(tcase);
	tcase_add_checked_fixture(tcase, setup, NULL);
	add_table_test(tcase, signal_and_process_are_listed, requests);
	tcase_add_test(tcase, wrong_request_looks_at_no_process);
	add_table_test(tcase, process_runs_the_program, programs);
	tcase_add_test(tcase, untrusted_directory_holds_no_program);
	add_table_test(tcase, spelling_of_a_signal_is_known, signals);
	add_table_test(tcase, faulty_line_cannot_be_used, unusable);
	tcase_add_test(tcase, user_is_the_first_field);
}

static void fill_files(TCase *tcase)
{
	tree_add_fixtures(tcase);
	fixture_add(tcase);
	tcase_add_checked_fixture(tcase, setup, NULL);
	add_table_test(tcase, file_is_the_one_at_the_path, files);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("kill filter");

	suite_add(suite, "kill filter", fill);
	suite_add(suite, "file of the program", fill_files);
	return suite;
}

SUITE_MAIN(make_suite)
