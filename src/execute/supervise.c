#include "execute/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/descriptor.h"
#include "base/exit_status.h"
#include "confine/capability_sets.h"
#include "execute/descendants.h"
#include "execute/terminal.h"
#include "process/process.h"

enum {
	GRACE = 5000,           /* milliseconds from TERM to KILL */
	KILL_ROUND = 20,        /* between rounds of KILL, for those that were forked meanwhile */
	NEVER = -1,
	ENOUGH_FILES = 1024,    /* to walk through the descendants */
};

/* What reaches the wrapper and is meant for the command. */
static const int forwarded[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH, SIGTSTP, SIGCONT };

/* Where the wait stands. */
struct wait {
	struct supervision *supervision;
	struct supervision_end *end;
	bool command_ended;
	bool all_ended;         /* no descendant is left */
	long deadline;          /* of the next step against what still runs; NEVER: none */
	enum {
		STEP_TERM,      /* the time limit comes first */
		STEP_GRACE,     /* TERM was sent, KILL comes next */
		STEP_KILL,
	} step;
	long ended_since;       /* STEP_KILL: since when only the ends of some are missing; NEVER: some still run */
};

static int fail(struct error *error, const char *what)
{
	return error_set(error, "%s: %s", what, strerror(errno));
}

static void fill_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGCHLD);
	for (size_t i = 0; i < ARRAY_LENGTH(forwarded); i++)
		sigaddset(set, forwarded[i]);
}

/* Blocked they wait for us; the terminal's stop was ignored so far, and would be lost. */
static int block_signals(struct error *error)
{
	const struct sigaction by_default = { .sa_handler = SIG_DFL };
	sigset_t set;

	fill_signals(&set);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0 || sigaction(SIGTSTP, &by_default, NULL) < 0)
		return fail(error, "signals cannot be blocked");
	return 0;
}

static int unblock_signals(void)
{
	sigset_t none;

	sigemptyset(&none);
	return sigprocmask(SIG_SETMASK, &none, NULL);
}

static void take_terminal(struct supervision *supervision)
{
	if (supervision->foreground)
		terminal_take_back();
	supervision->foreground = false;
}

/*
 * Both sides make the group and give it the terminal, so that neither has to wait
 * for the other.  The parent's attempt can come too late.
 */
static int make_group(struct supervision *supervision, int terminal)
{
	bool is_child = supervision->command == 0;

	if (setpgid(supervision->command, 0) < 0 && is_child)
		return -1;
	supervision->foreground = terminal_give(terminal, is_child ? getpid() : supervision->command);
	return 0;
}

int supervise_fork(struct supervision *supervision, unsigned long timeout, struct error *error)
{
	CLEANUP(descriptor_close) int terminal = terminal_open_foreground();
	int ends[2];

	*supervision = (struct supervision){
		.timeout = timeout, .wrapper = getpid(), .started = -1, .begin = clock_milliseconds(),
	};
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
		return fail(error, "the wrapper cannot become a subreaper");
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return fail(error, "a pipe cannot be had");
	if (block_signals(error) < 0)
		return -1;
	supervision->command = fork();
	if (supervision->command < 0)
		return fail(error, "the command cannot be forked");
	supervision->started = supervision->command == 0 ? ends[1] : ends[0];
	descriptor_close(supervision->command == 0 ? &ends[0] : &ends[1]);
	if (make_group(supervision, terminal) < 0)
		return fail(error, "the command cannot have a process group of its own");
	return supervision->command == 0 ? 0 : 1;
}

int supervise_child(const struct supervision *supervision, struct error *error)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		return fail(error, "the parent-death signal cannot be set");
	if (getppid() != supervision->wrapper || unblock_signals() < 0) /* the parent died before the signal was set */
		return error_set(error, "the supervising wrapper is gone");
	return 0;
}

void supervise_child_failed(const struct supervision *supervision)
{
	ssize_t ignored = write(supervision->started, "", 1);

	(void)ignored;
}

/*
 * The caller can make itself, and so us, the first to be killed when memory is
 * short, and fill what it shares with us: the command would go on without a limit.
 */
static void be_no_first_victim(void)
{
	CLEANUP(descriptor_close) int file = open("/proc/self/oom_score_adj", O_RDWR | O_CLOEXEC);
	char score[16];
	ssize_t got = file < 0 ? -1 : read(file, score, sizeof(score));
	ssize_t ignored;

	if (got <= 0 || score[0] == '-') /* an administrator's, to keep the service */
		return;
	ignored = write(file, "0", 1);
	(void)ignored;
}

/* With fewer it takes more walks to reach all. */
static void take_enough_files(void)
{
	struct error reason;
	int ignored = process_limit_files(ENOUGH_FILES, &reason);

	(void)ignored;
}

/* Everything but what it takes to signal processes of other users. */
static int keep_kill_only(struct error *error)
{
	struct capability_sets sets;

	if (capability_sets_read(&sets) < 0)
		return fail(error, "capabilities cannot be read");
	sets.permitted &= CAPABILITY(CAP_KILL);
	sets.effective = sets.permitted;
	sets.inheritable = 0;
	if (capability_sets_write(&sets) < 0)
		return fail(error, "capabilities cannot be reduced");
	return 0;
}

/* Afterwards: a child that could not become the command has written to the pipe. */
static bool was_started(struct supervision *supervision)
{
	char byte;
	ssize_t got;

	do {
		got = read(supervision->started, &byte, 1);
	} while (got < 0 && errno == EINTR);
	descriptor_close(&supervision->started);
	return got <= 0;
}

/* Stops as the command was stopped by the terminal, so that the shell sees its job stopped; goes on with it. */
static void stop_with_command(struct wait *wait)
{
	struct supervision *supervision = wait->supervision;
	bool had_stopped;

	take_terminal(supervision);
	had_stopped = terminal_stop_self(wait->deadline);
	supervision->foreground = terminal_give_ours(supervision->command);
	if (had_stopped) /* else the time limit comes first */
		kill(-supervision->command, SIGCONT);
}

static void reap(struct wait *wait)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED)) > 0) {
		if (pid != wait->supervision->command)
			continue;
		if (terminal_has_stopped(status) && !wait->end->timed_out) {
			stop_with_command(wait);
		} else if (!WIFSTOPPED(status)) {
			wait->command_ended = true;
			wait->end->status = status;
		}
	}
	wait->all_ended = pid < 0 && errno == ECHILD;
}

/* Once the command is reaped, its group can be a stranger's, unless one of our children is in it. */
static void signal_group(const struct wait *wait, int signal)
{
	siginfo_t info;
	pid_t group = wait->supervision->command;

	if (!wait->command_ended || waitid(P_PGID, (id_t)group, &info, WEXITED | WNOHANG | WNOWAIT) == 0)
		kill(-group, signal);
}

static void forward(const struct wait *wait, int signal)
{
	if (signal != SIGCHLD)
		signal_group(wait, signal);
}

/* Whether all were found.  Whoever was not may still be in the process group. */
static bool signal_all(const struct wait *wait, int signal)
{
	bool whole = descendants_signal(signal) >= 0;

	if (!whole)
		signal_group(wait, signal);
	return whole;
}

/*
 * The caller can trace what runs as the caller's own user, and keep its end from
 * us, or keep it from ending: the record of the end must not wait for that.
 */
static void give_up_on_traced(struct wait *wait, bool all_killed)
{
	long now = clock_milliseconds();

	if (!all_killed || !descendants_have_ended())
		wait->ended_since = NEVER;
	else if (wait->ended_since == NEVER)
		wait->ended_since = now;
	else if (now - wait->ended_since >= GRACE)
		wait->all_ended = true;
	if (wait->all_ended && !wait->command_ended)
		wait->end->status = SIGKILL;
}

/* A stopped process takes no TERM before it goes on, and a fork bomb must not outrun the KILLs. */
static void act_on_deadline(struct wait *wait)
{
	if (wait->step == STEP_TERM) {
		wait->end->timed_out = true;
		/* Stopped first, nobody ends or forks while the others are looked for; the TERM waits for the CONT. */
		(void)signal_all(wait, SIGSTOP);
		(void)signal_all(wait, SIGSTOP);
		(void)signal_all(wait, SIGTERM);
		(void)signal_all(wait, SIGCONT);
		wait->step = STEP_GRACE;
		wait->deadline = clock_milliseconds() + GRACE;
		return;
	}
	wait->step = STEP_KILL;
	(void)signal_all(wait, SIGSTOP);
	give_up_on_traced(wait, signal_all(wait, SIGKILL));
	wait->deadline = clock_milliseconds() + KILL_ROUND;
}

/* Waits for a signal until the deadline. */
static void wait_for_event(struct wait *wait)
{
	struct timespec limit;
	long left = wait->deadline - clock_milliseconds();
	sigset_t set;
	int signal;

	fill_signals(&set);
	if (wait->deadline == NEVER) {
		signal = sigwaitinfo(&set, NULL);
	} else {
		left = left > 0 ? left : 0;
		limit = (struct timespec){ .tv_sec = left / 1000, .tv_nsec = left % 1000 * 1000000 };
		signal = sigtimedwait(&set, NULL, &limit);
	}
	if (signal > 0)
		forward(wait, signal);
}

/* With a time limit nothing that the command leaves behind may outlive it. */
static bool is_over(const struct wait *wait)
{
	return wait->all_ended || (wait->command_ended && wait->supervision->timeout == 0);
}

/* Without a wrapper that may watch over it nothing of the command stays. */
static void kill_all(struct wait *wait)
{
	bool all_killed;
	pid_t pid;

	do {
		(void)signal_all(wait, SIGSTOP);
		all_killed = signal_all(wait, SIGKILL);
		poll(NULL, 0, KILL_ROUND);
		while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
			wait->command_ended = wait->command_ended || pid == wait->supervision->command;
		give_up_on_traced(wait, all_killed);
	} while (pid == 0 && !wait->all_ended);
}

int supervise_wait(struct supervision *supervision, struct supervision_end *end, struct error *error)
{
	struct wait wait = {
		.supervision = supervision,
		.end = end,
		.ended_since = NEVER,
		.deadline = supervision->timeout ? supervision->begin + (long)supervision->timeout * 1000 : NEVER,
	};

	*end = (struct supervision_end){ 0 };
	be_no_first_victim();
	take_enough_files();
	if (keep_kill_only(error) < 0) {
		kill_all(&wait);
		return -1;
	}
	while (!is_over(&wait)) {
		reap(&wait);
		if (is_over(&wait))
			break;
		if (wait.step == STEP_GRACE)
			(void)signal_all(&wait, SIGCONT); /* one whose parent went on and ended was passed over */
		if (wait.deadline != NEVER && clock_milliseconds() >= wait.deadline)
			act_on_deadline(&wait);
		wait_for_event(&wait);
	}
	take_terminal(supervision);
	end->was_started = was_started(supervision);
	end->milliseconds = clock_milliseconds() - supervision->begin;
	return 0;
}

void supervise_end_as(const struct supervision_end *end)
{
	const struct sigaction by_default = { .sa_handler = SIG_DFL };

	if (end->timed_out)
		_exit(EXIT_TIMED_OUT);
	if (WIFEXITED(end->status))
		_exit(WEXITSTATUS(end->status));
	sigaction(WTERMSIG(end->status), &by_default, NULL);
	unblock_signals();
	raise(WTERMSIG(end->status));
	/* Not reached: a signal that ends no process by default cannot have ended the command. */
	_exit(128 + WTERMSIG(end->status));
}
