#include "filters/kill_target.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>

#include "tree.h"

static const struct {
	const char *text;
	const char *program;
	bool stripped;
} suffixes[] = {
	{ "/usr/sbin/daemon", "/usr/sbin/daemon", false },
	{ "/usr/sbin/daemon (deleted)", "/usr/sbin/daemon", true },
	{ "/usr/sbin/daemon;5f3a9c01", "/usr/sbin/daemon", true },
	{ "/usr/sbin/daemon;5F3A9C01", "/usr/sbin/daemon", true },
	{ "/usr/sbin/daemon;5f3a9c01 (deleted)", "/usr/sbin/daemon", true },
	{ "/usr/sbin/daemon.#prelink#.aB3xY9", "/usr/sbin/daemon", true },
	{ "/usr/sbin/daemon.#prelink#.aB3xY9 (deleted)", "/usr/sbin/daemon", true },
	/* one of each kind, and only whole */
	{ "/usr/sbin/daemon (deleted) (deleted)", "/usr/sbin/daemon (deleted)", true },
	{ "/usr/sbin/daemon (deleted) ", "/usr/sbin/daemon (deleted) ", false },
	{ "/usr/sbin/daemon(deleted)", "/usr/sbin/daemon(deleted)", false },
	{ "/usr/sbin/daemon (Deleted)", "/usr/sbin/daemon (Deleted)", false },
	{ " (deleted)/usr/sbin/daemon", " (deleted)/usr/sbin/daemon", false },
	{ " (deleted)", " (deleted)", false },
	{ "/usr/sbin/daemon;5f3a9c0", "/usr/sbin/daemon;5f3a9c0", false },
	{ "/usr/sbin/daemon;5f3a9c012", "/usr/sbin/daemon;5f3a9c012", false },
	{ "/usr/sbin/daemon;5f3a9c0g", "/usr/sbin/daemon;5f3a9c0g", false },
	{ "/usr/sbin/daemon;", "/usr/sbin/daemon;", false },
	{ "/usr/sbin;5f3a9c01/daemon", "/usr/sbin;5f3a9c01/daemon", false },
	{ "/usr/sbin/daemon;x;5f3a9c01", "/usr/sbin/daemon;x", true },
	{ "/usr/sbin/daemon.#prelink#.aB3xY", "/usr/sbin/daemon.#prelink#.aB3xY", false },
	{ "/usr/sbin/daemon.#prelink#.aB3xY99", "/usr/sbin/daemon.#prelink#.aB3xY99", false },
	{ "/usr/sbin/daemon.#prelink#.aB/xY9", "/usr/sbin/daemon.#prelink#.aB/xY9", false },
	{ "/usr/sbin/daemon.#prelink#", "/usr/sbin/daemon.#prelink#", false },
	{ "", "", false },
};

START_TEST(only_known_suffixes_are_removed)
{
	char text[PATH_MAX];

	strcpy(text, suffixes[_i].text);
	ck_assert_int_eq(kill_target_strip_suffix(text), suffixes[_i].stripped);
	ck_assert_str_eq(text, suffixes[_i].program);
}
END_TEST

/* A child of the test's own, and what it does on each byte that it is sent. */
static pid_t child;
static int commands[2];
static int answers[2];

static void copy_program(const char *from, const char *to)
{
	static char bytes[8 << 20];
	int file = open(from, O_RDONLY | O_CLOEXEC);
	ssize_t length = read(file, bytes, sizeof(bytes));

	ck_assert_int_gt(length, 0);
	ck_assert_int_lt(length, sizeof(bytes));
	close(file);
	tree_bytes(to, 0755, bytes, (size_t)length);
}

/* Its end would be taken for an answer otherwise. */
static void wait_for_answer(void)
{
	char answer;

	ck_assert_int_eq(read(answers[0], &answer, 1), 1);
}

static void tell(char command)
{
	ck_assert_int_eq(write(commands[1], &command, 1), 1);
}

static void serve(void (*first)(void))
{
	char command;

	if (first)
		first();
	while (write(answers[1], "", 1) == 1 && read(commands[0], &command, 1) == 1) {
		if (command == 'x')
			execl("/bin/sleep", "sleep", "1000", (char *)NULL);
		if (command == 'q')
			break;
	}
	_exit(0);
}

static void start(void (*first)(void))
{
	ck_assert_int_eq(pipe2(commands, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(answers, O_CLOEXEC), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0)
		serve(first);
	wait_for_answer();
}

/* A process that runs a copy of sleep in the test's directory. */
static void start_program(const char *path, const char *name)
{
	ck_assert_int_eq(pipe2(answers, O_CLOEXEC), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		execl(tree_path(path), name, "1000", (char *)NULL);
		_exit(127);
	}
	close(answers[1]);
	ck_assert_int_eq(read(answers[0], commands, 1), 0); /* closed by the exec */
}

static void stop(void)
{
	if (child <= 0)
		return;
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	child = 0;
}

static int open_process(pid_t pid, struct kill_target *target, struct error *error)
{
	error->text[0] = '\0';
	return process_source_proc.open(pid, target, error);
}

START_TEST(process_is_what_its_exe_says)
{
	struct kill_target target;
	struct error error;
	struct stat status;

	copy_program("/bin/sleep", "daemon");
	start_program("daemon", "daemon");
	ck_assert_msg(open_process(child, &target, &error) == 0, "%s", error.text);
	ck_assert_int_eq(target.pid, child);
	ck_assert_str_eq(target.program, tree_path("daemon"));
	ck_assert_int_eq(stat(tree_path("daemon"), &status), 0);
	ck_assert_uint_eq(target.device, status.st_dev);
	ck_assert_uint_eq(target.inode, status.st_ino);
	ck_assert(!target.deleted);
	ck_assert(target.same_mount_namespace);
	ck_assert(target.same_user_namespace);
	ck_assert(kill_target_is_unchanged(&target));
	ck_assert_int_ne(fcntl(target.pidfd, F_GETFD) & FD_CLOEXEC, 0);
	ck_assert_int_ne(fcntl(target.directory, F_GETFD) & FD_CLOEXEC, 0);
	kill_target_close(&target);
}
END_TEST

START_TEST(name_in_the_command_line_does_not_count)
{
	struct kill_target target;
	struct error error;

	copy_program("/bin/sleep", "daemon");
	start_program("daemon", "/usr/sbin/dnsmasq");
	ck_assert_msg(open_process(child, &target, &error) == 0, "%s", error.text);
	ck_assert_str_eq(target.program, tree_path("daemon"));
	kill_target_close(&target);
}
END_TEST

/* A package update unlinks or replaces the file; the process is still of that program. */
START_TEST(deleted_program_is_known_by_its_path)
{
	struct kill_target target;
	struct error error;

	copy_program("/bin/sleep", "daemon");
	start_program("daemon", "daemon");
	ck_assert_int_eq(unlink(tree_path("daemon")), 0);
	ck_assert_int_eq(open_process(child, &target, &error), 0);
	ck_assert(target.deleted);
	ck_assert_str_eq(target.program, tree_path("daemon"));
	ck_assert(kill_target_is_unchanged(&target));
	kill_target_close(&target);
}
END_TEST

static const pid_t nobody[] = { 0, -1, -4711, 4194305, 2147483647 };

START_TEST(process_that_is_not_there_is_refused)
{
	struct kill_target target;
	struct error error;

	ck_assert_int_eq(open_process(nobody[_i], &target, &error), -1);
	ck_assert_str_ne(error.text, "");
}
END_TEST

static void assert_refused(const char *why)
{
	struct kill_target target;
	struct error error;
	int before = dup(STDERR_FILENO);
	int after;

	close(before);
	ck_assert_int_eq(open_process(child, &target, &error), -1);
	assert_contains(error.text, why);
	ck_assert_int_eq(target.pidfd, -1);
	ck_assert_int_eq(target.directory, -1);
	after = dup(STDERR_FILENO);
	ck_assert_int_eq(after, before); /* nothing is left open */
	close(after);
}

START_TEST(ended_process_is_refused)
{
	pid_t pid;

	start(NULL);
	pid = child;
	stop();
	child = pid;
	assert_refused("no such process");
	child = 0;
}
END_TEST

START_TEST(zombie_is_refused)
{
	siginfo_t info;

	start(NULL);
	tell('q');
	ck_assert_int_eq(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
	assert_refused("cannot be looked at");
}
END_TEST

START_TEST(other_program_is_a_change)
{
	struct kill_target target;
	struct error error;

	start(NULL);
	ck_assert_int_eq(open_process(child, &target, &error), 0);
	ck_assert(kill_target_is_unchanged(&target));
	close(answers[1]);
	tell('x');
	ck_assert_int_eq(read(answers[0], commands, 1), 0); /* closed by the exec */
	ck_assert(!kill_target_is_unchanged(&target));
	kill_target_close(&target);
}
END_TEST

START_TEST(end_is_a_change)
{
	struct kill_target target;
	struct error error;
	siginfo_t info;

	start(NULL);
	ck_assert_int_eq(open_process(child, &target, &error), 0);
	tell('q');
	ck_assert_int_eq(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
	ck_assert(!kill_target_is_unchanged(&target));
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	child = 0;
	ck_assert(!kill_target_is_unchanged(&target));
	kill_target_close(&target);
}
END_TEST

/* Each thing that is compared, wrong alone. */
START_TEST(any_difference_is_a_change)
{
	struct kill_target target;
	struct kill_target other;
	struct error error;

	start(NULL);
	ck_assert_int_eq(open_process(child, &target, &error), 0);
	other = target;
	ck_assert(kill_target_is_unchanged(&other));
	other.inode++;
	ck_assert(!kill_target_is_unchanged(&other));
	other = target;
	other.device++;
	ck_assert(!kill_target_is_unchanged(&other));
	other = target;
	strcat(other.program, "x");
	ck_assert(!kill_target_is_unchanged(&other));
	other = target;
	other.directory = -1;
	ck_assert(!kill_target_is_unchanged(&other));
	other = target;
	other.pidfd = -1;
	ck_assert(!kill_target_is_unchanged(&other));
	kill_target_close(&target);
}
END_TEST

START_TEST(closing_closes_once)
{
	struct kill_target target;
	struct error error;
	int pidfd;
	int directory;

	start(NULL);
	ck_assert_int_eq(open_process(child, &target, &error), 0);
	pidfd = target.pidfd;
	directory = target.directory;
	kill_target_close(&target);
	ck_assert_int_eq(fcntl(pidfd, F_GETFD), -1);
	ck_assert_int_eq(fcntl(directory, F_GETFD), -1);
	ck_assert_int_eq(target.pidfd, -1);
	ck_assert_int_eq(target.directory, -1);
	kill_target_close(&target);
}
END_TEST

enum { OTHER_USER = 65534 };

static void keep_saved_root(void)
{
	ck_assert_int_eq(setresuid(OTHER_USER, OTHER_USER, 0), 0);
}

static void keep_real_root(void)
{
	ck_assert_int_eq(setresuid(0, OTHER_USER, OTHER_USER), 0);
}

static void keep_effective_root(void)
{
	ck_assert_int_eq(setresuid(OTHER_USER, 0, OTHER_USER), 0);
}

static void become_other_user(void)
{
	ck_assert_int_eq(setresuid(OTHER_USER, OTHER_USER, OTHER_USER), 0);
}

static void (*const mixed_users[])(void) = { keep_saved_root, keep_real_root, keep_effective_root };

/* In the middle of a set-user-ID program a process may be more than what its file says. */
START_TEST(process_of_several_users_is_refused)
{
	start(mixed_users[_i]);
	assert_refused("several user IDs");
}
END_TEST

START_TEST(process_of_another_user_can_be_looked_at)
{
	struct kill_target target;
	struct error error;

	start(become_other_user);
	ck_assert_msg(open_process(child, &target, &error) == 0, "%s", error.text);
	ck_assert(kill_target_is_unchanged(&target));
	kill_target_close(&target);
}
END_TEST

static void leave_mount_namespace(void)
{
	ck_assert_int_eq(unshare(CLONE_NEWNS), 0);
}

static void leave_both_namespaces(void)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		_exit(3); /* not here: the kernel forbids it */
}

START_TEST(other_mount_namespace_is_seen)
{
	struct kill_target target;
	struct error error;

	start(leave_mount_namespace);
	ck_assert_int_eq(open_process(child, &target, &error), 0);
	ck_assert(!target.same_mount_namespace);
	ck_assert(target.same_user_namespace);
	kill_target_close(&target);
}
END_TEST

START_TEST(other_user_namespace_is_seen)
{
	struct kill_target target;
	struct error error;
	char answer;

	ck_assert_int_eq(pipe2(commands, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(answers, O_CLOEXEC), 0);
	child = fork();
	if (child == 0)
		serve(leave_both_namespaces);
	close(answers[1]);
	if (read(answers[0], &answer, 1) != 1)
		return;
	ck_assert_int_eq(open_process(child, &target, &error), 0);
	ck_assert(!target.same_mount_namespace);
	ck_assert(!target.same_user_namespace);
	kill_target_close(&target);
}
END_TEST

static void fill_suffixes(TCase *tcase)
{
	add_table_test(tcase, only_known_suffixes_are_removed, suffixes);
}

static void fill_processes(TCase *tcase)
{
	tree_add_fixtures(tcase);
	tcase_add_checked_fixture(tcase, NULL, stop);
	tcase_add_test(tcase, process_is_what_its_exe_says);
	tcase_add_test(tcase, name_in_the_command_line_does_not_count);
	tcase_add_test(tcase, deleted_program_is_known_by_its_path);
	add_table_test(tcase, process_that_is_not_there_is_refused, nobody);
	tcase_add_test(tcase, ended_process_is_refused);
	tcase_add_test(tcase, zombie_is_refused);
	tcase_add_test(tcase, other_program_is_a_change);
	tcase_add_test(tcase, end_is_a_change);
	tcase_add_test(tcase, any_difference_is_a_change);
	tcase_add_test(tcase, closing_closes_once);
}

static void fill_as_root(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, NULL, stop);
	add_table_test(tcase, process_of_several_users_is_refused, mixed_users);
	tcase_add_test(tcase, process_of_another_user_can_be_looked_at);
	tcase_add_test(tcase, other_mount_namespace_is_seen);
	tcase_add_test(tcase, other_user_namespace_is_seen);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("kill target");

	suite_add(suite, "suffixes", fill_suffixes);
	suite_add(suite, "processes", fill_processes);
	suite_add_for_root(suite, "processes of others", fill_as_root);
	return suite;
}

SUITE_MAIN(make_suite)
