#include "execute/execute.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "base/exit_status.h"
#include "filters/kill_target.h"
#include "process/process.h"
#include "tree.h"

static const struct {
	int error_number;
	int status;
} statuses[] = {
	{ ENOENT, EXIT_NOT_FOUND },          { EACCES, EXIT_CANNOT_EXECUTE },  { ENOEXEC, EXIT_CANNOT_EXECUTE },
	{ ENOTDIR, EXIT_CANNOT_EXECUTE },    { ELOOP, EXIT_CANNOT_EXECUTE },   { EPERM, EXIT_CANNOT_EXECUTE },
	{ E2BIG, EXIT_CANNOT_EXECUTE },      { ETXTBSY, EXIT_CANNOT_EXECUTE }, { ENOMEM, EXIT_CANNOT_EXECUTE },
	{ 0, EXIT_CANNOT_EXECUTE },
};

START_TEST(failure_has_the_status_of_a_shell)
{
	ck_assert_int_eq(execute_failure_status(statuses[_i].error_number), statuses[_i].status);
}
END_TEST

/* What a child wrote to its standard output. */
static char output[8192];
static ssize_t output_length;

static void run(const char *const *argv, size_t argc, const char *const *environment)
{
	const struct decision decision = { .program = argv[0], .argv = argv, .argc = argc };
	int file = memfd_create("output", 0);
	struct error error;
	int status;
	pid_t child = fork();

	if (child == 0) {
		dup2(file, STDOUT_FILENO);
		process_hold_signals();
		execute_command(&decision, environment, &error);
		_exit(1);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	memset(output, 0, sizeof(output));
	output_length = pread(file, output, sizeof(output) - 1, 0);
	close(file);
}

START_TEST(command_gets_exactly_its_arguments)
{
	static const char wanted[] = "/bin/cat\0/proc/self/cmdline";
	const char *const argv[] = { "/bin/cat", "/proc/self/cmdline", NULL };
	const char *const environment[] = { NULL };

	run(argv, 2, environment);
	ck_assert_int_eq(output_length, sizeof(wanted));
	ck_assert_mem_eq(output, wanted, sizeof(wanted));
}
END_TEST

START_TEST(command_gets_exactly_its_environment)
{
	static const char wanted[] = "A=1\0B=\0A=2\0$(id)=x y\n";
	const char *const argv[] = { "/bin/cat", "/proc/self/environ", NULL };
	const char *const environment[] = { "A=1", "B=", "A=2", "$(id)=x y\n", NULL };

	setenv("NOT_MEANT", "1", 1);
	run(argv, 2, environment);
	ck_assert_int_eq(output_length, sizeof(wanted));
	ck_assert_mem_eq(output, wanted, sizeof(wanted));
}
END_TEST

/* What the wrapper ignored while it worked is the command's to decide. */
/* Whoever runs the tests may ignore some, the C library's two too; they are not execute's to reset. */
static void reset_all_signals(void)
{
	const unsigned long by_default[4] = { 0 };

	for (int i = 1; i < NSIG; i++)
		syscall(SYS_rt_sigaction, i, by_default, NULL, sizeof(unsigned long));
}

START_TEST(command_ignores_no_signal)
{
	const char *const argv[] = { "/bin/cat", "/proc/self/status", NULL };
	const char *const environment[] = { NULL };

	reset_all_signals();
	run(argv, 2, environment);
	assert_contains(output, "\nSigIgn:\t0000000000000000\n");
}
END_TEST

static const struct {
	const char *path; /* in the test's directory */
	int error_number;
} failures[] = {
	{ "missing", ENOENT },    { "no-interpreter", ENOENT }, { "dangling", ENOENT },    { "data", EACCES },
	{ "directory", EACCES },  { "not-a-program", ENOEXEC }, { "data/x", ENOTDIR },     { "loop", ELOOP },
};

static void make_failures(void)
{
	tree_file("no-interpreter", 0755, "#!/nowhere/at/all\n");
	tree_file("data", 0644, "#!/bin/sh\n");
	tree_file("not-a-program", 0755, "no magic number\n");
	tree_directory("directory", 0755);
	tree_link("dangling", "missing");
	tree_link("loop", "loop");
}

START_TEST(failure_is_told_and_survived)
{
	char path[PATH_MAX];
	const char *const argv[] = { path, NULL };
	const char *const environment[] = { NULL };
	const struct decision decision = { .program = path, .argv = argv, .argc = 1 };
	struct error error = { .text = "" };
	struct sigaction action;

	make_failures();
	strcpy(path, tree_path(failures[_i].path));
	errno = 0;
	execute_command(&decision, environment, &error);
	ck_assert_int_eq(errno, failures[_i].error_number);
	assert_contains(error.text, path);
	assert_contains(error.text, strerror(failures[_i].error_number));
	/* a closed pipe must not end the process before it has said so */
	ck_assert_int_eq(sigaction(SIGPIPE, NULL, &action), 0);
	ck_assert_ptr_eq(action.sa_handler, SIG_IGN);
	ck_assert_int_eq(sigaction(SIGTSTP, NULL, &action), 0);
	ck_assert_ptr_eq(action.sa_handler, SIG_IGN);
}
END_TEST

static struct kill_target target;
static pid_t child;

static void start_target(void)
{
	struct error error;

	signal(SIGTERM, SIG_DFL); /* Check's handler, inherited, would end the test */
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		for (;;)
			pause();
	}
	ck_assert_msg(process_source_proc.open(child, &target, &error) == 0, "%s", error.text);
}

static void stop_target(void)
{
	kill_target_close(&target);
	if (child > 0) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
}

static const int signals[] = { SIGTERM, SIGKILL, SIGHUP, SIGUSR1, 64 };

START_TEST(signal_is_sent)
{
	const struct decision decision = { .target = &target, .signal = signals[_i] };
	struct error error = { .text = "" };
	int status;

	ck_assert_msg(execute_kill(&decision, &error) == 0, "%s", error.text);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	child = 0;
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), signals[_i]);
}
END_TEST

START_TEST(signal_zero_only_asks)
{
	const struct decision decision = { .target = &target };
	struct error error = { .text = "" };

	ck_assert_int_eq(execute_kill(&decision, &error), 0);
	ck_assert_int_eq(waitpid(child, NULL, WNOHANG), 0);
}
END_TEST

/* The process that has its number by then is another one. */
START_TEST(process_that_has_ended_gets_no_signal)
{
	const struct decision decision = { .target = &target, .signal = SIGTERM };
	struct error error = { .text = "" };

	kill(child, SIGKILL);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	child = 0;
	ck_assert_int_eq(execute_kill(&decision, &error), 1);
	assert_contains(error.text, "kill: (");
	assert_contains(error.text, strerror(ESRCH));
}
END_TEST

/* The PID in the decision is for messages alone: what it names may be another process. */
START_TEST(signal_goes_to_the_process_that_was_held)
{
	struct decision decision = { .target = &target, .signal = SIGTERM };
	struct error error;
	int status;

	target.pid = getpid();
	ck_assert_int_eq(execute_kill(&decision, &error), 0);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	child = 0;
	ck_assert_int_eq(WTERMSIG(status), SIGTERM);
}
END_TEST

START_TEST(impossible_signal_is_told)
{
	const struct decision decision = { .target = &target, .signal = 65 };
	struct error error = { .text = "" };

	ck_assert_int_eq(execute_kill(&decision, &error), 1);
	assert_contains(error.text, strerror(EINVAL));
}
END_TEST

/* As the filter's user the kernel checks once more. */
START_TEST(process_of_another_user_gets_no_signal)
{
	const struct decision decision = { .target = &target, .signal = SIGTERM };
	struct error error = { .text = "" };
	int status;
	pid_t sender = fork();

	if (sender == 0) {
		if (setresuid(TREE_OTHER_USER, TREE_OTHER_USER, TREE_OTHER_USER) < 0)
			_exit(2);
		_exit(execute_kill(&decision, &error) == 1 && strstr(error.text, strerror(EPERM)) ? 0 : 1);
	}
	ck_assert_int_eq(waitpid(sender, &status, 0), sender);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(waitpid(child, NULL, WNOHANG), 0);
}
END_TEST

static void fill_command(TCase *tcase)
{
	tree_add_fixtures(tcase);
	add_table_test(tcase, failure_has_the_status_of_a_shell, statuses);
	tcase_add_test(tcase, command_gets_exactly_its_arguments);
	tcase_add_test(tcase, command_gets_exactly_its_environment);
	tcase_add_test(tcase, command_ignores_no_signal);
	add_table_test(tcase, failure_is_told_and_survived, failures);
}

static void fill_kill(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, start_target, stop_target);
	add_table_test(tcase, signal_is_sent, signals);
	tcase_add_test(tcase, signal_zero_only_asks);
	tcase_add_test(tcase, process_that_has_ended_gets_no_signal);
	tcase_add_test(tcase, signal_goes_to_the_process_that_was_held);
	tcase_add_test(tcase, impossible_signal_is_told);
}

static void fill_kill_as_root(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, start_target, stop_target);
	tcase_add_test(tcase, process_of_another_user_gets_no_signal);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("execute");

	suite_add(suite, "command", fill_command);
	suite_add(suite, "kill", fill_kill);
	suite_add_for_root(suite, "kill as root", fill_kill_as_root);
	return suite;
}

SUITE_MAIN(make_suite)
