#include "execute/descendants.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/capability.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "suite.h"
#include "system_call.h"

enum {
	SIGNAL = SIGUSR1, /* blocked by everybody, so that who has been sent it can be seen */
	MOST = 1500,
};

/* Those that a test has started, by the number that it gave them. */
static struct {
	pid_t pids[MOST];
	int result;
} *said;

static int ready[2];
static int life[2]; /* who waits for its end ends with the test */

static void set_up(void)
{
	sigset_t set;

	said = mmap(NULL, sizeof(*said), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(said, MAP_FAILED);
	ck_assert_int_eq(pipe2(ready, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(life, O_CLOEXEC), 0);
	ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	sigemptyset(&set);
	sigaddset(&set, SIGNAL);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &set, NULL), 0);
	signal(SIGTERM, SIG_DFL); /* Check's handler, inherited */
}

static void tear_down(void)
{
	close(life[1]);
	while (wait(NULL) > 0)
		continue;
	munmap(said, sizeof(*said));
}

static void say_ready(int number)
{
	said->pids[number] = getpid();
	if (write(ready[1], "", 1) != 1)
		_exit(2);
}

static NORETURN void stay(int number)
{
	char byte;
	ssize_t ignored;

	say_ready(number);
	ignored = read(life[0], &byte, 1);
	(void)ignored;
	_exit(0);
}

/* In a child the other end of life has to go, or it would wait for itself. */
static pid_t fork_member(void)
{
	pid_t child = fork();

	if (child == 0)
		close(life[1]);
	if (child < 0)
		_exit(2);
	return child;
}

static void await_ready(size_t count)
{
	char byte;

	for (size_t i = 0; i < count; i++)
		ck_assert_int_eq(read(ready[0], &byte, 1), 1);
}

static pid_t start(int number, void (*first)(void))
{
	pid_t child = fork_member();

	if (child == 0) {
		if (first)
			first();
		stay(number);
	}
	return child;
}

/* The process as a whole has been sent the signal. */
static bool is_pending(pid_t pid)
{
	char path[64];
	char line[256];
	unsigned long long pending = 0;
	bool found = false;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "r");
	ck_assert_msg(file != NULL, "%s: %m", path);
	while (!found && fgets(line, sizeof(line), file))
		found = sscanf(line, "ShdPnd: %llx", &pending) == 1;
	fclose(file);
	ck_assert(found);
	return pending & 1ULL << (SIGNAL - 1);
}

static void assert_signalled(int number)
{
	ck_assert_msg(is_pending(said->pids[number]), "%d", number);
}

static void assert_spared(pid_t pid)
{
	ck_assert_msg(!is_pending(pid), "%d", (int)pid);
}

START_TEST(nobody_is_there)
{
	ck_assert_int_eq(descendants_signal(SIGNAL), 0);
	assert_spared(getpid());
	assert_spared(getppid());
}
END_TEST

START_TEST(children_are_signalled)
{
	for (int i = 0; i < 5; i++)
		start(i, NULL);
	await_ready(5);
	ck_assert_int_eq(descendants_signal(SIGNAL), 5);
	for (int i = 0; i < 5; i++)
		assert_signalled(i);
	assert_spared(getpid());
	assert_spared(getppid());
}
END_TEST

static void leave_session(void)
{
	if (setsid() < 0)
		_exit(2);
}

static void leave_group(void)
{
	if (setpgid(0, 0) < 0)
		_exit(2);
}

static void have_children(void)
{
	start(1, NULL);
	start(2, leave_session);
	start(3, leave_group);
}

static void leave_session_and_have_children(void)
{
	leave_session();
	have_children();
}

START_TEST(grandchildren_are_signalled_in_any_session)
{
	start(0, have_children);
	await_ready(4);
	ck_assert_int_eq(descendants_signal(SIGNAL), 4);
	for (int i = 0; i < 4; i++)
		assert_signalled(i);
}
END_TEST

START_TEST(children_of_another_session_are_signalled)
{
	start(0, leave_session_and_have_children);
	await_ready(4);
	ck_assert_int_eq(descendants_signal(SIGNAL), 4);
	for (int i = 0; i < 4; i++)
		assert_signalled(i);
}
END_TEST

/* As a daemon does it: nothing but the subreaper holds it. */
START_TEST(orphans_are_signalled)
{
	pid_t parent = fork_member();

	if (parent == 0) {
		leave_session_and_have_children();
		_exit(0);
	}
	await_ready(3);
	ck_assert_int_eq(waitpid(parent, NULL, 0), parent);
	ck_assert_int_eq(descendants_signal(SIGNAL), 3);
	for (int i = 1; i <= 3; i++)
		assert_signalled(i);
}
END_TEST

static void *fork_one(void *unused)
{
	(void)unused;
	start(1, leave_session);
	return NULL;
}

static void *fork_and_stay(void *unused)
{
	char byte;
	ssize_t ignored;

	fork_one(unused);
	ignored = read(life[0], &byte, 1);
	(void)ignored;
	return NULL;
}

static void have_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, fork_and_stay, NULL) != 0)
		_exit(2);
}

START_TEST(children_of_a_thread_are_signalled)
{
	start(0, have_thread);
	await_ready(2);
	ck_assert_int_eq(descendants_signal(SIGNAL), 2);
	assert_signalled(0);
	assert_signalled(1);
}
END_TEST

/* One that has ended is still there until it is reaped. */
START_TEST(zombie_hides_nobody)
{
	siginfo_t info;
	pid_t zombie = fork_member();

	if (zombie == 0)
		_exit(0);
	ck_assert_int_eq(waitid(P_PID, (id_t)zombie, &info, WEXITED | WNOWAIT), 0);
	start(0, have_children);
	await_ready(4);
	ck_assert_int_eq(descendants_signal(SIGNAL), 5);
	for (int i = 0; i < 4; i++)
		assert_signalled(i);
}
END_TEST

/*
 * Descendants of a process of its own: it waits for them by another pipe, and then
 * is a member of ours again.
 */
static int outer;

static void begin_own(void)
{
	outer = ready[1];
	if (pipe2(ready, O_CLOEXEC) < 0)
		_exit(2);
}

static NORETURN void end_own(int number)
{
	ready[1] = outer;
	stay(number);
}

/* So many that one read does not take the list of their PIDs. */
START_TEST(many_children_are_signalled)
{
	size_t length = 0;
	int count = 0;

	while (length <= 4096) {
		length += (size_t)snprintf(NULL, 0, "%d ", (int)start(count, NULL));
		ck_assert_int_lt(++count, MOST);
	}
	await_ready((size_t)count);
	ck_assert_int_eq(descendants_signal(SIGNAL), count);
	for (int i = 0; i < count; i++)
		assert_signalled(i);
}
END_TEST

/* Each the child of the one before. */
static void start_chain(int length, void (*last)(void))
{
	for (int i = 0; i < length; i++) {
		if (fork_member() > 0) {
			if (i > 0)
				stay(i - 1);
			return;
		}
	}
	if (last)
		last();
	stay(length - 1);
}

START_TEST(deep_tree_is_signalled)
{
	enum { DEPTH = 150 };

	start_chain(DEPTH, NULL);
	await_ready(DEPTH);
	ck_assert_int_eq(descendants_signal(SIGNAL), DEPTH);
	for (int i = 0; i < DEPTH; i++)
		assert_signalled(i);
}
END_TEST

/* A tracer can keep those above from ending: nobody below them moves up. */
START_TEST(tree_is_signalled_however_deep)
{
	enum { DEPTH = 450 };
	const struct rlimit files = { .rlim_cur = 256, .rlim_max = 256 };

	start_chain(DEPTH, NULL);
	await_ready(DEPTH);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &files), 0);
	ck_assert_int_eq(descendants_signal(SIGNAL), DEPTH);
	for (int i = 0; i < DEPTH; i++)
		assert_signalled(i);
}
END_TEST

static void have_many_deep_below(void)
{
	for (int i = 201; i < 500; i++)
		start(i, NULL);
}

START_TEST(tree_that_is_too_wide_below_is_not_called_whole)
{
	enum { DEPTH = 199, MANY = 299 };

	start_chain(DEPTH, have_many_deep_below);
	await_ready(DEPTH + MANY);
	ck_assert_int_eq(descendants_signal(SIGNAL), -1);
	for (int i = 0; i < DEPTH; i++)
		assert_signalled(i);
}
END_TEST

/* To a process of its own that signals its descendants, its siblings, group and parent are strangers. */
START_TEST(strangers_are_spared)
{
	pid_t stranger = start(4, NULL);
	pid_t ours = fork_member();

	if (ours == 0) {
		begin_own();
		have_children();
		await_ready(3);
		said->result = descendants_signal(SIGNAL);
		end_own(0);
	}
	await_ready(2);
	ck_assert_int_eq(said->result, 3);
	for (int i = 1; i <= 3; i++)
		assert_signalled(i);
	assert_spared(stranger);
	assert_spared(ours);
	assert_spared(getpid());
	assert_spared(getppid());
}
END_TEST

START_TEST(each_signal_is_sent_as_such)
{
	int status;

	for (int i = 0; i < 3; i++)
		start(i, NULL);
	await_ready(3);
	ck_assert_int_eq(descendants_signal(SIGSTOP), 3);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(waitpid(said->pids[i], &status, WUNTRACED), said->pids[i]);
		ck_assert(WIFSTOPPED(status));
	}
	ck_assert_int_eq(descendants_signal(SIGTERM), 3);
	ck_assert_int_eq(waitpid(-1, &status, WNOHANG), 0);
	ck_assert_int_eq(descendants_signal(SIGCONT), 3);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_gt(wait(&status), 0);
		ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	}
	ck_assert_int_eq(descendants_signal(SIGKILL), 0);
}
END_TEST

START_TEST(no_descriptor_is_left)
{
	int before = dup(STDOUT_FILENO);
	int after;

	close(before);
	start(0, have_children);
	await_ready(4);
	ck_assert_int_eq(descendants_signal(SIGNAL), 4);
	after = dup(STDOUT_FILENO);
	ck_assert_int_eq(after, before);
	close(after);
}
END_TEST

/* Without it our own children are still known, and their children become ours. */
static const struct {
	long call;
	int error_number;
} calls[] = {
	{ SYS_pidfd_open, ENOSYS },        { SYS_pidfd_open, EPERM },        { SYS_pidfd_open, EMFILE },
	{ SYS_pidfd_send_signal, ENOSYS }, { SYS_pidfd_send_signal, EPERM },
};

START_TEST(failing_call_is_told_and_children_are_signalled)
{
	if (fork_member() == 0) {
		begin_own();
		start(0, have_children);
		start(4, NULL);
		await_ready(5);
		system_call_answer(calls[_i].call, ANY_ARGUMENT, calls[_i].error_number);
		said->result = descendants_signal(SIGNAL);
		end_own(5);
	}
	await_ready(1);
	ck_assert_int_eq(said->result, -1);
	assert_signalled(0);
	assert_signalled(4);
	for (int i = 1; i <= 3; i++)
		assert_spared(said->pids[i]);
}
END_TEST

START_TEST(signal_that_cannot_be_sent_is_told)
{
	if (fork_member() == 0) {
		begin_own();
		start(0, NULL);
		await_ready(1);
		system_call_answer(SYS_kill, ANY_ARGUMENT, EPERM);
		said->result = descendants_signal(SIGNAL);
		end_own(1);
	}
	await_ready(1);
	ck_assert_int_eq(said->result, -1);
}
END_TEST

/* In a mount namespace that ends with the process. */
static void hide_proc(const char *type, const char *options)
{
	if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("none", "/proc", type, 0, options) < 0)
		_exit(2);
}

/* As the supervising wrapper does. */
static void keep_kill_only(void)
{
	cap_t caps = cap_from_text("cap_kill=ep");

	if (!caps || cap_set_proc(caps) < 0)
		_exit(2);
	cap_free(caps);
}

static void signal_without(const char *type, const char *options)
{
	if (fork_member() == 0) {
		begin_own();
		start(0, have_children);
		await_ready(4);
		hide_proc(type, options);
		keep_kill_only();
		said->result = descendants_signal(SIGNAL);
		end_own(4);
	}
	await_ready(1);
	ck_assert_int_eq(said->result, -1);
}

START_TEST(missing_proc_is_told)
{
	signal_without("tmpfs", NULL);
	assert_spared(getpid());
	assert_spared(getppid());
}
END_TEST

/* Processes with more privileges can be hidden there: what is below them is not missed silently. */
START_TEST(hidden_processes_are_told)
{
	signal_without("proc", "hidepid=2,gid=12345");
	assert_signalled(0);
	for (int i = 1; i <= 3; i++)
		assert_spared(said->pids[i]);
}
END_TEST

static void fill_tree(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 300);
	tcase_add_test(tcase, nobody_is_there);
	tcase_add_test(tcase, children_are_signalled);
	tcase_add_test(tcase, grandchildren_are_signalled_in_any_session);
	tcase_add_test(tcase, children_of_another_session_are_signalled);
	tcase_add_test(tcase, orphans_are_signalled);
	tcase_add_test(tcase, children_of_a_thread_are_signalled);
	tcase_add_test(tcase, zombie_hides_nobody);
	tcase_add_test(tcase, many_children_are_signalled);
	tcase_add_test(tcase, deep_tree_is_signalled);
	tcase_add_test(tcase, tree_is_signalled_however_deep);
	tcase_add_test(tcase, tree_that_is_too_wide_below_is_not_called_whole);
	tcase_add_test(tcase, strangers_are_spared);
	tcase_add_test(tcase, each_signal_is_sent_as_such);
	tcase_add_test(tcase, no_descriptor_is_left);
}

static void fill_failures(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 60);
	add_table_test(tcase, failing_call_is_told_and_children_are_signalled, calls);
	tcase_add_test(tcase, signal_that_cannot_be_sent_is_told);
}

static void fill_proc(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, missing_proc_is_told);
	tcase_add_test(tcase, hidden_processes_are_told);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("descendants");

	suite_add(suite, "tree", fill_tree);
	suite_add(suite, "failures", fill_failures);
	suite_add_for_root(suite, "proc", fill_proc);
	return suite;
}

SUITE_MAIN(make_suite)
