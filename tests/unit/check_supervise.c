#include "execute/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/capability.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/exit_status.h"
#include "process/process.h"
#include "suite.h"
#include "system_call.h"

enum {
	HOUR = 3600,
	OTHER_USER = 65534,
	MOST = 4,
};

/* What the processes of a test have to say. */
static struct {
	struct supervision supervision; /* parts of the wrapper's, which is copied by its fork() */
	struct supervision_end end;
	struct error error;
	int forked;                     /* by the wrapper; by the child if it failed there */
	int waited;
	pid_t wrapper;
	pid_t pids[MOST];               /* the command is the first */
	int seen[MOST];                 /* signals, by whoever has that number */
	bool flags[8];
} *said;

static int ready[2];
static int life[2];                     /* who waits for its end ends with the test */
static int gone[2];                     /* its end tells that none is left who was ready */

static void open_pipe(int *ends)
{
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
}

static void close_end(int *end)
{
	if (*end >= 0)
		close(*end);
	*end = -1;
}

/* As sudo starts the wrapper; Check has handlers of its own. */
static void set_up(void)
{
	const struct rlimit no_core = { 0 };

	said = mmap(NULL, sizeof(*said), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(said, MAP_FAILED);
	ck_assert_int_eq(setrlimit(RLIMIT_CORE, &no_core), 0);
	for (int i = 1; i < NSIG; i++) {
		if (i != SIGSEGV && i != SIGBUS && i != SIGFPE && i != SIGKILL && i != SIGSTOP)
			signal(i, SIG_DFL);
	}
	open_pipe(ready);
	open_pipe(life);
	open_pipe(gone);
}

static void tear_down(void)
{
	close_end(&life[1]);
	while (wait(NULL) > 0)
		continue;
	munmap(said, sizeof(*said));
}

static void say_ready(void)
{
	if (write(ready[1], "", 1) != 1)
		_exit(2);
}

static void await_ready(int count)
{
	char byte;

	for (int i = 0; i < count; i++) {
		if (read(ready[0], &byte, 1) != 1)
			_exit(2);
	}
}

static NORETURN void stay(void)
{
	char byte;

	while (read(life[0], &byte, 1) < 0 && errno == EINTR)
		continue;
	_exit(0);
}

/* Ends as soon as nobody is left who holds the other end. */
static void await_all_gone(void)
{
	char byte;

	close_end(&gone[1]);
	ck_assert_int_eq(read(gone[0], &byte, 1), 0);
}

/* Something that is on its way already. */
static void wait_until(bool (*is_so)(void))
{
	while (!is_so())
		usleep(1000);
}

/*
 * The wrapper, as far as supervision goes: what it does before it forks and
 * between fork and wait, and what the command is.  Each may be NULL.
 */
struct run {
	unsigned long timeout;
	void (*before)(void);
	void (*between)(void);
	void (*command)(void);
};

static NORETURN void be_child(const struct run *run)
{
	if (supervise_child(&said->supervision, &said->error) < 0) {
		said->flags[0] = true;
		supervise_child_failed(&said->supervision);
		_exit(EXIT_NOT_CONFINED);
	}
	process_prepare_exec();
	said->pids[0] = getpid();
	run->command();
	_exit(0);
}

static NORETURN void be_wrapper(const struct run *run)
{
	struct supervision supervision;
	int forked;

	close_end(&life[1]);
	process_hold_signals();
	said->wrapper = getpid();
	if (run->before)
		run->before();
	forked = supervise_fork(&supervision, run->timeout, &said->error);
	if (forked < 0)
		said->forked = -1;
	if (forked < 0) {
		supervise_child_failed(&supervision);
		_exit(EXIT_NOT_CONFINED);
	}
	if (forked == 0) {
		said->supervision.wrapper = supervision.wrapper;
		said->supervision.started = supervision.started;
		be_child(run);
	}
	said->supervision.command = supervision.command;
	if (run->between)
		run->between();
	if (said->supervision.begin != 0)
		supervision.begin -= 2L * HOUR * 1000;
	said->waited = supervise_wait(&supervision, &said->end, &said->error);
	if (said->waited < 0)
		_exit(EXIT_NOT_CONFINED);
	supervise_end_as(&said->end);
}

static pid_t start(const struct run *run)
{
	pid_t wrapper = fork();

	ck_assert_int_ge(wrapper, 0);
	if (wrapper == 0)
		be_wrapper(run);
	return wrapper;
}

static int end_of(pid_t wrapper)
{
	int status;

	ck_assert_int_eq(waitpid(wrapper, &status, 0), wrapper);
	return status;
}

/* Returns the status of waitpid(2). */
static int supervise(const struct run *run)
{
	return end_of(start(run));
}

static void assert_exit(int status, int wanted)
{
	ck_assert_msg(WIFEXITED(status), "ended by signal %d: %s", WTERMSIG(status), said->error.text);
	ck_assert_msg(WEXITSTATUS(status) == wanted, "%d: %s", WEXITSTATUS(status), said->error.text);
}

static void assert_death(int status, int wanted)
{
	ck_assert_msg(WIFSIGNALED(status), "exit status %d: %s", WEXITSTATUS(status), said->error.text);
	ck_assert_int_eq(WTERMSIG(status), wanted);
}

/* Its time has run out as soon as the wrapper waits. */
static void let_time_run_out(void)
{
	said->supervision.begin = 1;
}

static void await_one(void)
{
	await_ready(1);
	let_time_run_out();
}

static void await_three(void)
{
	await_ready(3);
	let_time_run_out();
}

/* How the command ends */

static const int statuses[] = { 0, 1, 2, 42, 95, 96, 99, 124, 126, 127, 128, 143, 255 };
static int chosen;

static void exit_as_chosen(void)
{
	_exit(chosen);
}

START_TEST(wrapper_exits_as_the_command)
{
	static const unsigned long timeouts[] = { 0, HOUR };

	chosen = statuses[_i];
	for (size_t i = 0; i < ARRAY_LENGTH(timeouts); i++) {
		const struct run run = { .timeout = timeouts[i], .command = exit_as_chosen };

		assert_exit(supervise(&run), chosen);
		ck_assert(said->end.was_started);
		ck_assert(!said->end.timed_out);
		ck_assert(WIFEXITED(said->end.status) && WEXITSTATUS(said->end.status) == chosen);
		ck_assert_int_ge(said->end.milliseconds, 0);
	}
}
END_TEST

static const int deaths[] = {
	SIGHUP,  SIGINT,  SIGQUIT, SIGILL,  SIGTRAP, SIGKILL, SIGUSR1,
	SIGUSR2, SIGPIPE, SIGALRM, SIGTERM, SIGXFSZ, SIGSYS,  64,
};

static void die_as_chosen(void)
{
	raise(chosen);
}

START_TEST(wrapper_dies_as_the_command)
{
	chosen = deaths[_i];
	assert_death(supervise(&(struct run){ .command = die_as_chosen }), chosen);
	ck_assert(said->end.was_started);
	ck_assert(WIFSIGNALED(said->end.status) && WTERMSIG(said->end.status) == chosen);
}
END_TEST

static void execute_true(void)
{
	execl("/bin/true", "true", (char *)NULL);
}

static void fail_to_execute(void)
{
	execl("/nonexistent", "true", (char *)NULL);
	supervise_child_failed(&said->supervision);
	_exit(EXIT_NOT_FOUND);
}

START_TEST(command_that_was_not_started_is_told_from_one_that_was)
{
	assert_exit(supervise(&(struct run){ .command = fail_to_execute }), EXIT_NOT_FOUND);
	ck_assert(!said->end.was_started);
	assert_exit(supervise(&(struct run){ .command = execute_true }), 0);
	ck_assert(said->end.was_started);
}
END_TEST

static void look_at_descriptors(void)
{
	chosen = 0;
	for (int i = STDERR_FILENO + 1; i < 256; i++)
		chosen += fcntl(i, F_GETFD) >= 0 && !(fcntl(i, F_GETFD) & FD_CLOEXEC);
	said->seen[0] = chosen;
}

START_TEST(command_gets_no_descriptor_of_ours)
{
	int before;

	look_at_descriptors();
	before = said->seen[0];
	said->seen[0] = -1;
	assert_exit(supervise(&(struct run){ .command = look_at_descriptors }), 0);
	ck_assert_int_eq(said->seen[0], before);
}
END_TEST

/* The command's process */

static void look_at_process(void)
{
	const int signals[] = {
		SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH, SIGTSTP, SIGCONT, SIGCHLD
	};
	struct sigaction action;
	int subreaper = -1;
	int death_signal = -1;
	sigset_t blocked;

	said->flags[1] = getpgrp() == getpid() && getsid(0) == getsid(getppid());
	said->flags[2] = prctl(PR_GET_PDEATHSIG, &death_signal, 0, 0, 0) == 0 && death_signal == SIGKILL;
	said->flags[3] = prctl(PR_GET_CHILD_SUBREAPER, &subreaper, 0, 0, 0) == 0 && subreaper == 0;
	said->flags[4] = true;
	sigprocmask(SIG_BLOCK, NULL, &blocked);
	for (size_t i = 0; i < ARRAY_LENGTH(signals); i++) {
		if (sigismember(&blocked, signals[i]) || sigaction(signals[i], NULL, &action) < 0 ||
		    action.sa_handler != SIG_DFL)
			said->flags[4] = false;
	}
}

/* As soon as it has forked: what it sends later goes to the group. */
static void look_at_group(void)
{
	int subreaper = -1;

	said->flags[5] = getpgid(said->supervision.command) == said->supervision.command;
	said->flags[6] = prctl(PR_GET_CHILD_SUBREAPER, &subreaper, 0, 0, 0) == 0 && subreaper == 1;
}

START_TEST(command_leads_a_group_and_dies_with_its_parent)
{
	assert_exit(supervise(&(struct run){ .command = look_at_process, .between = look_at_group }), 0);
	for (int i = 1; i <= 6; i++)
		ck_assert_msg(said->flags[i], "%d", i);
}
END_TEST

static void stay_ready(void)
{
	say_ready();
	stay();
}

START_TEST(command_dies_with_a_wrapper_that_is_killed)
{
	const struct run run = { .timeout = _i ? HOUR : 0, .command = stay_ready };
	pid_t wrapper = start(&run);

	await_ready(1);
	kill(wrapper, SIGKILL);
	assert_death(end_of(wrapper), SIGKILL);
	await_all_gone();
}
END_TEST

static NORETURN void be_late_child(const struct supervision *supervision)
{
	await_ready(1);
	said->waited = supervise_child(supervision, &said->error);
	_exit(0);
}

START_TEST(child_whose_parent_is_gone_goes_no_further)
{
	struct supervision supervision;
	pid_t wrapper = fork();

	if (wrapper == 0) {
		close_end(&life[1]);
		if (supervise_fork(&supervision, 0, &said->error) == 0)
			be_late_child(&supervision);
		_exit(0);
	}
	assert_exit(end_of(wrapper), 0);
	say_ready();
	await_all_gone();
	ck_assert_int_eq(said->waited, -1);
	assert_contains(said->error.text, "gone");
}
END_TEST

/* What was sent while nobody could take it */

static void block(int signal)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signal);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static int take(int signal)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signal);
	return sigwaitinfo(&set, NULL);
}

static const int forwarded[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH, SIGCONT };

static void exit_with_signal(void)
{
	block(chosen);
	say_ready();
	_exit(take(chosen));
}

static void send_self_as_chosen(void)
{
	await_ready(1);
	kill(getpid(), chosen);
}

START_TEST(signal_is_passed_on)
{
	const struct run run = { .timeout = HOUR, .command = exit_with_signal };
	const struct run early = { .command = exit_with_signal, .between = send_self_as_chosen };
	pid_t wrapper;

	chosen = forwarded[_i];
	wrapper = start(&run);
	await_ready(1);
	kill(wrapper, chosen);
	assert_exit(end_of(wrapper), chosen);
	assert_exit(supervise(&early), chosen);
}
END_TEST

/* The process as a whole has been sent the signal, and has it blocked. */
static bool is_pending(pid_t pid, int signal)
{
	char path[64];
	char line[256];
	unsigned long long pending = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file) && sscanf(line, "ShdPnd: %llx", &pending) != 1)
		continue;
	if (file)
		fclose(file);
	return pending & 1ULL << (signal - 1);
}

static bool wrapper_took_signal(void)
{
	return !is_pending(said->wrapper, SIGCHLD);
}

/* Another of the command's group, and one that has left it. */
static pid_t start_member(int number, void (*first)(void), void (*then)(void))
{
	pid_t child = fork();

	if (child < 0)
		_exit(2);
	if (child > 0)
		return child;
	if (first)
		first();
	said->pids[number] = getpid();
	then();
	_exit(0);
}

static void leave_session(void)
{
	if (setsid() < 0)
		_exit(2);
}

static void have_family_with_signals_blocked(void)
{
	block(SIGUSR1);
	block(SIGCHLD);
	start_member(1, NULL, stay_ready);
	start_member(2, leave_session, stay_ready);
	stay_ready();
}

static bool group_has_signal(void)
{
	return is_pending(said->pids[0], SIGUSR1) && is_pending(said->pids[1], SIGUSR1);
}

START_TEST(signal_is_passed_on_to_the_group_alone)
{
	const struct run run = { .command = have_family_with_signals_blocked };
	pid_t wrapper = start(&run);

	await_ready(3);
	kill(wrapper, SIGCHLD);
	wait_until(wrapper_took_signal);
	ck_assert_msg(!is_pending(said->pids[0], SIGCHLD), "a child's end is the wrapper's own affair");
	kill(wrapper, SIGUSR1);
	wait_until(group_has_signal);
	ck_assert(!is_pending(said->pids[2], SIGUSR1));
	kill(wrapper, SIGKILL);
	assert_death(end_of(wrapper), SIGKILL);
}
END_TEST

/* The time limit */

static int number_of(void)
{
	for (int i = 0; i < MOST; i++) {
		if (said->pids[i] == getpid())
			return i;
	}
	return MOST - 1;
}

static void note(int signal)
{
	said->seen[number_of()] = signal;
}

static void note_and_exit(int signal)
{
	note(signal);
	_exit(5);
}

static void stay_until_term(void)
{
	signal(SIGTERM, note_and_exit);
	stay_ready();
}

static void stay_in_spite_of_term(void)
{
	signal(SIGTERM, note);
	stay_ready();
}

static void have_family_until_term(void)
{
	start_member(1, NULL, stay_until_term);
	start_member(2, leave_session, stay_until_term);
	stay_until_term();
}

START_TEST(time_limit_ends_all_by_term)
{
	const struct run run = { .timeout = HOUR, .command = have_family_until_term, .between = await_three };

	assert_exit(supervise(&run), EXIT_TIMED_OUT);
	ck_assert(said->end.timed_out);
	ck_assert(said->end.was_started);
	ck_assert(WIFEXITED(said->end.status) && WEXITSTATUS(said->end.status) == 5);
	for (int i = 0; i < 3; i++)
		ck_assert_msg(said->seen[i] == SIGTERM, "%d", i);
	await_all_gone();
}
END_TEST

static void have_stubborn_family(void)
{
	start_member(1, NULL, stay_in_spite_of_term);
	start_member(2, leave_session, stay_in_spite_of_term);
	stay_in_spite_of_term();
}

START_TEST(kill_follows_a_term_that_was_not_heeded)
{
	const struct run run = { .timeout = HOUR, .command = have_stubborn_family, .between = await_three };

	assert_exit(supervise(&run), EXIT_TIMED_OUT);
	ck_assert(WIFSIGNALED(said->end.status) && WTERMSIG(said->end.status) == SIGKILL);
	for (int i = 0; i < 3; i++)
		ck_assert_msg(said->seen[i] == SIGTERM, "%d", i);
	await_all_gone();
}
END_TEST

static void leave_orphan_behind(void)
{
	if (start_member(1, leave_session, stay_until_term) > 0)
		_exit(3);
}

static void await_orphan(void)
{
	siginfo_t info;

	await_one();
	if (waitid(P_PID, (id_t)said->supervision.command, &info, WEXITED | WNOWAIT) < 0)
		_exit(2);
}

START_TEST(time_limit_ends_what_the_command_left_behind)
{
	const struct run run = { .timeout = HOUR, .command = leave_orphan_behind, .between = await_orphan };

	assert_exit(supervise(&run), EXIT_TIMED_OUT);
	ck_assert(said->end.timed_out);
	ck_assert(WIFEXITED(said->end.status) && WEXITSTATUS(said->end.status) == 3);
	ck_assert_int_eq(said->seen[1], SIGTERM);
	await_all_gone();
}
END_TEST

START_TEST(what_is_left_behind_is_waited_for_within_a_time_limit_alone)
{
	const struct run limited = { .timeout = HOUR, .command = leave_orphan_behind };
	const struct run unlimited = { .command = leave_orphan_behind };
	pid_t wrapper = start(&limited);

	await_ready(1);
	ck_assert_int_eq(waitpid(wrapper, NULL, WNOHANG), 0);
	kill(said->pids[1], SIGKILL);
	assert_exit(end_of(wrapper), 3);
	ck_assert(!said->end.timed_out);

	assert_exit(supervise(&unlimited), 3);
	await_ready(1);
	ck_assert_int_eq(kill(said->pids[1], 0), 0);
	ck_assert_int_eq(said->seen[1], 0);
}
END_TEST

static void stop_itself(void)
{
	signal(SIGTERM, note_and_exit);
	say_ready();
	raise(SIGSTOP);
	stay();
}

static void have_stopped_family(void)
{
	start_member(1, NULL, stop_itself);
	start_member(2, leave_session, stop_itself);
	stop_itself();
}

START_TEST(stopped_processes_take_the_term)
{
	const struct run run = { .timeout = HOUR, .command = have_stopped_family, .between = await_three };
	pid_t wrapper = start(&run);
	int status;

	ck_assert_int_eq(waitpid(wrapper, &status, WUNTRACED), wrapper);
	ck_assert_msg(!WIFSTOPPED(status), "it was not the terminal that stopped the command");
	assert_exit(status, EXIT_TIMED_OUT);
	for (int i = 0; i < 3; i++)
		ck_assert_msg(said->seen[i] == SIGTERM, "%d", i);
	await_all_gone();
}
END_TEST

static void ignore_all(void)
{
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_IGN);
	stay_ready();
}

static bool wrapper_has_forked(void)
{
	return said->supervision.command > 0;
}

START_TEST(signals_do_not_prolong_a_time_limit)
{
	const struct run run = { .timeout = HOUR, .command = ignore_all, .between = await_one };
	pid_t wrapper = start(&run);
	int status = 0;

	wait_until(wrapper_has_forked);
	while (waitpid(wrapper, &status, WNOHANG) == 0) {
		kill(wrapper, SIGTSTP);
		kill(wrapper, SIGTERM);
		usleep(20000);
	}
	assert_exit(status, EXIT_TIMED_OUT);
	await_all_gone();
}
END_TEST

/* Stopped by the terminal */

static void stop_by_terminal(void)
{
	raise(chosen);
	say_ready();
	_exit(7);
}

static const int terminal_stops[] = { SIGTSTP, SIGTTIN, SIGTTOU };

START_TEST(wrapper_stops_and_goes_on_with_the_command)
{
	const struct run run = { .timeout = _i % 2 ? HOUR : 0, .command = stop_by_terminal };
	pid_t wrapper;
	int status;

	chosen = terminal_stops[_i];
	wrapper = start(&run);
	ck_assert_int_eq(waitpid(wrapper, &status, WUNTRACED), wrapper);
	ck_assert(WIFSTOPPED(status));
	ck_assert_int_eq(WSTOPSIG(status), SIGSTOP);
	kill(wrapper, SIGCONT);
	assert_exit(end_of(wrapper), 7);
	await_ready(1);
	await_all_gone();
}
END_TEST

START_TEST(terminal_stop_is_passed_on)
{
	const struct run run = { .command = stay_ready };
	pid_t wrapper = start(&run);
	int status;

	await_ready(1);
	kill(wrapper, SIGTSTP);
	ck_assert_int_eq(waitpid(wrapper, &status, WUNTRACED), wrapper);
	ck_assert(WIFSTOPPED(status));
	kill(wrapper, SIGTERM);
	kill(wrapper, SIGCONT);
	assert_death(end_of(wrapper), SIGTERM);
	await_all_gone();
}
END_TEST

/* It would be the command's way to live on: nobody else may stop. */
static void stop_until_term(void)
{
	signal(SIGTERM, note_and_exit);
	say_ready();
	for (;;)
		raise(SIGTSTP);
}

static void await_command(void)
{
	await_ready(1);
}

START_TEST(time_limit_wakes_a_stopped_wrapper)
{
	const struct run run = { .timeout = 1, .command = stop_until_term, .between = await_command };

	assert_exit(supervise(&run), EXIT_TIMED_OUT);
	ck_assert_int_eq(said->seen[0], SIGTERM);
	await_all_gone();
}
END_TEST

static bool command_is_stopped(void)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)said->supervision.command, &info, WSTOPPED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid > 0;
}

static void await_stop(void)
{
	wait_until(command_is_stopped);
	let_time_run_out();
}

/* The bell that rings before the wrapper has stopped must not be the last. */
START_TEST(wrapper_that_stops_too_late_is_woken_too)
{
	const struct run run = { .timeout = HOUR, .command = stop_until_term, .between = await_stop };

	for (int i = 0; i < 20; i++)
		assert_exit(supervise(&run), EXIT_TIMED_OUT);
	await_all_gone();
}
END_TEST

static void forbid_fork(void)
{
	await_stop();
	system_call_answer(SYS_clone, ANY_ARGUMENT, EAGAIN);
}

/* The command can use up what there is of processes. */
START_TEST(wrapper_that_nobody_can_wake_does_not_stop)
{
	const struct run run = { .timeout = HOUR, .command = stop_until_term, .between = forbid_fork };
	pid_t wrapper = start(&run);
	int status;

	ck_assert_int_eq(waitpid(wrapper, &status, WUNTRACED), wrapper);
	ck_assert_msg(!WIFSTOPPED(status), "it has stopped");
	assert_exit(status, EXIT_TIMED_OUT);
	await_all_gone();
}
END_TEST

/* Failing system calls */

static const struct {
	long call;
	long first_argument;
	int error_number;
} forks[] = {
	{ SYS_prctl, PR_SET_CHILD_SUBREAPER, EINVAL }, { SYS_pipe2, ANY_ARGUMENT, EMFILE },
	{ SYS_rt_sigprocmask, SIG_BLOCK, EINVAL },     { SYS_rt_sigaction, SIGTSTP, EINVAL },
	{ SYS_clone, ANY_ARGUMENT, EAGAIN },           { SYS_setpgid, ANY_ARGUMENT, EPERM },
};
static int row;

static void break_fork(void)
{
	system_call_answer(forks[row].call, forks[row].first_argument, forks[row].error_number);
}

START_TEST(command_is_not_run_unsupervised)
{
	const struct run run = { .before = break_fork, .command = stay_ready };

	row = _i;
	assert_exit(supervise(&run), EXIT_NOT_CONFINED);
	ck_assert_int_eq(said->forked, -1);
	ck_assert_int_eq(said->pids[0], 0);
	ck_assert(!said->end.was_started);
	assert_contains(said->error.text, strerror(forks[_i].error_number));
	await_all_gone();
}
END_TEST

static const struct {
	long call;
	long first_argument;
} child_calls[] = {
	{ SYS_prctl, PR_SET_PDEATHSIG },
	{ SYS_rt_sigprocmask, SIG_SETMASK },
};

static NORETURN void be_broken_child(const struct supervision *supervision)
{
	system_call_answer(child_calls[row].call, child_calls[row].first_argument, EINVAL);
	said->waited = supervise_child(supervision, &said->error);
	_exit(0);
}

START_TEST(child_that_cannot_be_held_goes_no_further)
{
	struct supervision supervision;
	pid_t wrapper = fork();

	row = _i;
	if (wrapper == 0) {
		if (supervise_fork(&supervision, 0, &said->error) == 0)
			be_broken_child(&supervision);
		wait(NULL);
		_exit(0);
	}
	assert_exit(end_of(wrapper), 0);
	ck_assert_int_eq(said->waited, -1);
	ck_assert_str_ne(said->error.text, "");
}
END_TEST

static const long wait_calls[] = { SYS_capget, SYS_capset };

static void break_wait(void)
{
	await_ready(3);
	system_call_answer(wait_calls[row], ANY_ARGUMENT, EPERM);
}

/* With all its privileges the wrapper does not stay, and the command does not stay without it. */
START_TEST(privileges_that_stay_end_the_command)
{
	const struct run run = { .command = have_stubborn_family, .between = break_wait };

	row = _i;
	assert_exit(supervise(&run), EXIT_NOT_CONFINED);
	ck_assert_int_eq(said->waited, -1);
	assert_contains(said->error.text, strerror(EPERM));
	await_all_gone();
}
END_TEST

/* Whatever keeps pidfds from us, seccomp(2) say. */
static void forbid_pidfds(void)
{
	await_three();
	system_call_answer(SYS_pidfd_open, ANY_ARGUMENT, EPERM);
}

START_TEST(time_limit_holds_without_pidfds)
{
	const struct run run = { .timeout = HOUR, .command = have_stubborn_family, .between = forbid_pidfds };

	assert_exit(supervise(&run), EXIT_TIMED_OUT);
	ck_assert_int_eq(said->seen[0], SIGTERM);
	ck_assert_int_eq(said->seen[1], SIGTERM);
	await_all_gone();
}
END_TEST

/* As root */

static void add_capabilities(void)
{
	cap_t caps = cap_get_proc();
	const cap_value_t value[] = { CAP_CHOWN, CAP_KILL };

	if (cap_set_flag(caps, CAP_INHERITABLE, 2, value, CAP_SET) < 0 || cap_set_proc(caps) < 0 ||
	    cap_set_ambient(CAP_CHOWN, CAP_SET) < 0 || cap_set_ambient(CAP_KILL, CAP_SET) < 0)
		_exit(2);
	cap_free(caps);
}

static void become_other(void)
{
	if (setgid(OTHER_USER) < 0 || setuid(OTHER_USER) < 0)
		_exit(2);
}

static bool has_line(pid_t pid, const char *wanted)
{
	char path[64];
	char text[4096] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "r");
	if (file) {
		text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
		fclose(file);
	}
	return strstr(text, wanted) != NULL;
}

static bool wrapper_has_kill_only(void)
{
	return has_line(said->wrapper, "\nCapEff:\t0000000000000020\n");
}

START_TEST(wrapper_keeps_the_capability_to_kill_alone)
{
	const struct run run = { .before = add_capabilities, .command = stay_ready };
	pid_t wrapper = start(&run);

	await_ready(1);
	wait_until(wrapper_has_kill_only);
	ck_assert(has_line(wrapper, "\nCapPrm:\t0000000000000020\n"));
	ck_assert(has_line(wrapper, "\nCapInh:\t0000000000000000\n"));
	ck_assert(has_line(wrapper, "\nCapAmb:\t0000000000000000\n"));
	kill(wrapper, SIGTERM);
	assert_death(end_of(wrapper), SIGTERM);
}
END_TEST

static void drop_kill(void)
{
	cap_t caps = cap_get_proc();
	const cap_value_t value[] = { CAP_KILL };

	if (cap_set_flag(caps, CAP_PERMITTED, 1, value, CAP_CLEAR) < 0 ||
	    cap_set_flag(caps, CAP_EFFECTIVE, 1, value, CAP_CLEAR) < 0 || cap_set_proc(caps) < 0)
		_exit(2);
	cap_free(caps);
}

static bool wrapper_has_none(void)
{
	return has_line(said->wrapper, "\nCapEff:\t0000000000000000\n");
}

START_TEST(wrapper_takes_no_capability_that_it_had_not)
{
	const struct run run = { .before = drop_kill, .command = stay_ready };
	pid_t wrapper = start(&run);

	await_ready(1);
	wait_until(wrapper_has_none);
	ck_assert(has_line(wrapper, "\nCapPrm:\t0000000000000000\n"));
	kill(wrapper, SIGTERM);
	assert_death(end_of(wrapper), SIGTERM);
}
END_TEST

static void have_family_of_other(void)
{
	become_other();
	have_stubborn_family();
}

START_TEST(time_limit_ends_processes_of_another_user)
{
	const struct run run = { .timeout = HOUR, .command = have_family_of_other, .between = await_three };

	assert_exit(supervise(&run), EXIT_TIMED_OUT);
	for (int i = 0; i < 3; i++)
		ck_assert_msg(said->seen[i] == SIGTERM, "%d", i);
	await_all_gone();
}
END_TEST

/* A change of credentials resets the parent-death signal: it is set after it. */
START_TEST(command_of_another_user_dies_with_its_wrapper)
{
	struct supervision supervision;
	pid_t wrapper = fork();

	if (wrapper == 0) {
		close_end(&life[1]);
		if (supervise_fork(&supervision, 0, &said->error) == 0) {
			become_other();
			if (supervise_child(&supervision, &said->error) < 0)
				_exit(2);
			stay_ready();
		}
		stay();
	}
	await_ready(1);
	kill(wrapper, SIGKILL);
	assert_death(end_of(wrapper), SIGKILL);
	await_all_gone();
}
END_TEST

static void hide_proc(void)
{
	await_one();
	if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("none", "/proc", "tmpfs", 0, NULL) < 0)
		_exit(2);
}

START_TEST(time_limit_ends_the_group_without_proc)
{
	const struct run run = { .timeout = HOUR, .command = stay_until_term, .between = hide_proc };

	assert_exit(supervise(&run), EXIT_TIMED_OUT);
	ck_assert_int_eq(said->seen[0], SIGTERM);
	await_all_gone();
}
END_TEST

/* A process that the wrapper does not know has number 1 stopped where it exits, until the test lets go. */

static bool traced_is_there(void)
{
	return said->pids[1] != 0;
}

static bool is_traced(void)
{
	return said->flags[3];
}

static bool is_let_go(void)
{
	return said->flags[4];
}

static void start_tracer(void)
{
	if (fork() != 0)
		return;
	close_end(&life[1]);
	close_end(&gone[1]);
	wait_until(traced_is_there);
	if (ptrace(PTRACE_SEIZE, said->pids[1], NULL, PTRACE_O_TRACEEXIT) < 0)
		_exit(2);
	said->flags[3] = true;
	wait_until(is_let_go);
	_exit(0);
}

static void await_tracer(void)
{
	wait_until(is_traced);
	let_time_run_out();
}

static void *be_traced(void *unused)
{
	(void)unused;
	said->pids[1] = gettid();
	stay();
}

static void have_traced_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, be_traced, NULL) != 0)
		_exit(2);
	stay();
}

START_TEST(thread_that_is_traced_holds_nothing_up)
{
	const struct run run = { .timeout = HOUR, .command = have_traced_thread, .between = await_tracer };

	start_tracer();
	assert_exit(supervise(&run), EXIT_TIMED_OUT);
	ck_assert(WIFSIGNALED(said->end.status) && WTERMSIG(said->end.status) == SIGKILL);
	said->flags[4] = true;
}
END_TEST

enum { LONGER_THAN_TRACED = 14 };       /* seconds: 5 to KILL, 5 until who is traced is given up */

static void outlive(void)
{
	wait_until(is_traced);
	sleep(LONGER_THAN_TRACED);
	said->flags[4] = true;
	_exit(0);
}

static bool survivor_is_there(void)
{
	return said->pids[2] != 0;
}

static void have_traced_parent_and_survivor(void)
{
	start_member(2, leave_session, outlive);
	wait_until(survivor_is_there);
	said->pids[1] = getpid();
	stay();
}

static void forbid_signals_below(void)
{
	await_tracer();
	system_call_answer(SYS_pidfd_send_signal, ANY_ARGUMENT, EPERM);
}

/* Where nobody can tell that all were killed, the wrapper stays as long as they do. */
START_TEST(nobody_is_given_up_below_whom_one_may_live)
{
	const struct run run = {
		.timeout = HOUR,
		.command = have_traced_parent_and_survivor,
		.between = forbid_signals_below,
	};

	start_tracer();
	assert_exit(supervise(&run), EXIT_TIMED_OUT);
	ck_assert(said->flags[4]);
}
END_TEST

static bool command_is_reaped(void)
{
	return said->supervision.command > 0 && kill(said->supervision.command, 0) < 0 && errno == ESRCH;
}

/* A process with the PID that the command had, and a group of that number. */
static pid_t start_successor(pid_t pid)
{
	struct clone_args arguments = {
		.exit_signal = SIGCHLD,
		.set_tid = (__u64)(uintptr_t)&pid,
		.set_tid_size = 1,
	};
	long child;

	do { /* the PID is free a moment after the process has gone */
		child = syscall(SYS_clone3, &arguments, sizeof(arguments));
	} while (child < 0 && errno == EEXIST);
	ck_assert_msg(child >= 0, "clone3: %m");
	if (child == 0) {
		close_end(&life[1]);
		block(SIGUSR1);
		if (setpgid(0, 0) < 0)
			_exit(2);
		stay_ready();
	}
	ck_assert_int_eq(child, pid);
	return pid;
}

START_TEST(group_of_a_stranger_gets_no_signal)
{
	const struct run run = { .timeout = HOUR, .command = leave_orphan_behind };
	pid_t wrapper = start(&run);
	pid_t stranger;

	await_ready(1);
	wait_until(command_is_reaped);
	stranger = start_successor(said->supervision.command);
	await_ready(1);
	kill(wrapper, SIGUSR1);
	kill(said->pids[1], SIGKILL);
	assert_exit(end_of(wrapper), 3);
	ck_assert(!is_pending(stranger, SIGUSR1));
}
END_TEST

static void exit_by_signal(void)
{
	block(SIGUSR1);
	say_ready();
	_exit(take(SIGUSR1) == SIGUSR1 ? 0 : 1);
}

static void leave_taker_behind(void)
{
	if (start_member(1, NULL, exit_by_signal) > 0)
		_exit(3);
}

START_TEST(group_of_what_is_left_behind_gets_signals)
{
	const struct run run = { .timeout = HOUR, .command = leave_taker_behind };
	pid_t wrapper = start(&run);

	await_ready(1);
	wait_until(command_is_reaped);
	kill(wrapper, SIGUSR1);
	assert_exit(end_of(wrapper), 3);
	await_all_gone();
}
END_TEST

static void fill_end(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 60);
	add_table_test(tcase, wrapper_exits_as_the_command, statuses);
	add_table_test(tcase, wrapper_dies_as_the_command, deaths);
	tcase_add_test(tcase, command_that_was_not_started_is_told_from_one_that_was);
	tcase_add_test(tcase, command_gets_no_descriptor_of_ours);
}

static void fill_command(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, command_leads_a_group_and_dies_with_its_parent);
	tcase_add_loop_test(tcase, command_dies_with_a_wrapper_that_is_killed, 0, 2);
	tcase_add_test(tcase, child_whose_parent_is_gone_goes_no_further);
	add_table_test(tcase, signal_is_passed_on, forwarded);
	tcase_add_test(tcase, signal_is_passed_on_to_the_group_alone);
	tcase_add_test(tcase, group_of_what_is_left_behind_gets_signals);
}

static void fill_time_limit(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, time_limit_ends_all_by_term);
	tcase_add_test(tcase, kill_follows_a_term_that_was_not_heeded);
	tcase_add_test(tcase, time_limit_ends_what_the_command_left_behind);
	tcase_add_test(tcase, what_is_left_behind_is_waited_for_within_a_time_limit_alone);
	tcase_add_test(tcase, stopped_processes_take_the_term);
	tcase_add_test(tcase, signals_do_not_prolong_a_time_limit);
}

static void fill_stop(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 60);
	add_table_test(tcase, wrapper_stops_and_goes_on_with_the_command, terminal_stops);
	tcase_add_test(tcase, terminal_stop_is_passed_on);
	tcase_add_test(tcase, time_limit_wakes_a_stopped_wrapper);
	tcase_add_test(tcase, wrapper_that_stops_too_late_is_woken_too);
	tcase_add_test(tcase, wrapper_that_nobody_can_wake_does_not_stop);
}

static void fill_failures(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 60);
	add_table_test(tcase, command_is_not_run_unsupervised, forks);
	add_table_test(tcase, child_that_cannot_be_held_goes_no_further, child_calls);
	add_table_test(tcase, privileges_that_stay_end_the_command, wait_calls);
	tcase_add_test(tcase, time_limit_holds_without_pidfds);
}

static void fill_root(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, wrapper_keeps_the_capability_to_kill_alone);
	tcase_add_test(tcase, wrapper_takes_no_capability_that_it_had_not);
	tcase_add_test(tcase, time_limit_ends_processes_of_another_user);
	tcase_add_test(tcase, command_of_another_user_dies_with_its_wrapper);
	tcase_add_test(tcase, thread_that_is_traced_holds_nothing_up);
	tcase_add_test(tcase, nobody_is_given_up_below_whom_one_may_live);
	tcase_add_test(tcase, time_limit_ends_the_group_without_proc);
	tcase_add_test(tcase, group_of_a_stranger_gets_no_signal);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("supervise");

	suite_add(suite, "end", fill_end);
	suite_add(suite, "command", fill_command);
	suite_add(suite, "time limit", fill_time_limit);
	suite_add(suite, "terminal stop", fill_stop);
	suite_add(suite, "failures", fill_failures);
	suite_add_for_root(suite, "root", fill_root);
	return suite;
}

SUITE_MAIN(make_suite)
