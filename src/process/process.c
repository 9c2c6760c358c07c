#include "process/process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <linux/mempolicy.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "process/limits.h"

/*
 * A stop between check and use would give the caller all the time of the world;
 * a message to a closed pipe or a full quota must not end the process early.
 */
static const int ignored_signals[] = { SIGPIPE, SIGXFSZ, SIGTSTP, SIGTTIN, SIGTTOU };

/* From the caller's terminal they would end a request before it is recorded: they wait until the command starts. */
static const int held_signals[] = { SIGINT, SIGQUIT, SIGHUP, SIGTERM };

static int fail(struct error *error, const char *what)
{
	return error_set(error, "%s: %s", what, strerror(errno));
}

/* With 0, 1 or 2 closed, the next file opened would take its place and our messages would go into it. */
static int open_standard_descriptors(struct error *error)
{
	for (int i = 0; i <= STDERR_FILENO; i++) {
		if (fcntl(i, F_GETFD) >= 0)
			continue;
		if (errno != EBADF || open("/dev/null", O_RDWR) != i)
			return fail(error, "/dev/null cannot be opened for a closed standard descriptor");
	}
	return 0;
}

static int close_other_descriptors(struct error *error)
{
	return syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0U) == 0 ?
		       0 :
		       fail(error, "inherited descriptors cannot be closed (Linux 5.9 is needed)");
}

/*
 * The kernel's own call: the C library's refuses the two real-time signals that
 * it keeps for itself, and they would stay ignored in the command.
 */
static void set_handler(int number, void (*handler)(int))
{
	const struct {
		void (*handler)(int);
		unsigned long flags;
		void (*restorer)(void);
		unsigned long mask;
	} action = { .handler = handler };

	syscall(SYS_rt_sigaction, number, &action, NULL, sizeof(action.mask)); /* fails only for KILL and STOP */
}

static bool is_ignored(int number)
{
	for (size_t i = 0; i < ARRAY_LENGTH(ignored_signals); i++) {
		if (ignored_signals[i] == number)
			return true;
	}
	return false;
}

static int block_held_signals(void)
{
	sigset_t held;

	sigemptyset(&held);
	for (size_t i = 0; i < ARRAY_LENGTH(held_signals); i++)
		sigaddset(&held, held_signals[i]);
	return sigprocmask(SIG_SETMASK, &held, NULL);
}

void process_hold_signals(void)
{
	for (size_t i = 0; i < ARRAY_LENGTH(ignored_signals); i++)
		set_handler(ignored_signals[i], SIG_IGN);
	(void)block_held_signals();
}

static int reset_signals(struct error *error)
{
	for (int i = 1; i < NSIG; i++)
		set_handler(i, is_ignored(i) ? SIG_IGN : SIG_DFL);
	return block_held_signals() == 0 ? 0 : fail(error, "the mask of signals cannot be set");
}

static int stop_timers(struct error *error)
{
	static const int timers[] = { ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF };
	const struct itimerval off = { 0 };

	for (size_t i = 0; i < ARRAY_LENGTH(timers); i++) {
		if (setitimer((__itimer_which_t)timers[i], &off, NULL) < 0)
			return fail(error, "a timer cannot be stopped");
	}
	return 0;
}

/* In a container these can be forbidden; the caller then had no way to set them either. */
static int accept_forbidden(int result, struct error *error, const char *what)
{
	return result >= 0 || errno == EPERM || errno == ENOSYS ? 0 : fail(error, what);
}

/*
 * As they are by default.  A caller can make root's command slow, short of memory, the parent of processes that it
 * does not know, or end where it reads a clock, and its pages such as are merged with equal ones of others, who learn
 * of that.  What a kernel lacks or a container forbids the caller could not set either.
 */
static void reset_settings(void)
{
	enum { SET_MEMORY_MERGE = 67 }; /* Linux 6.4 */
	static const struct {
		int option;
		unsigned long value;
	} settings[] = {
		{ PR_SET_TSC, PR_TSC_ENABLE }, { PR_SET_TIMERSLACK, 50000 },       { PR_SET_CHILD_SUBREAPER, 0 },
		{ PR_SET_THP_DISABLE, 0 },     { PR_MCE_KILL, PR_MCE_KILL_CLEAR }, { SET_MEMORY_MERGE, 0 },
	};

	for (size_t i = 0; i < ARRAY_LENGTH(settings); i++)
		(void)prctl(settings[i].option, settings[i].value, 0UL, 0UL, 0UL);
	(void)syscall(SYS_set_mempolicy, MPOL_DEFAULT, NULL, 0UL);
}

static int reset_attributes(struct error *error)
{
	umask(022);
	if (prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0) < 0)
		return fail(error, "the parent-death signal cannot be reset");
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return fail(error, "the process cannot be made undumpable");
	reset_settings();
	if (accept_forbidden(personality(PER_LINUX), error, "the personality cannot be reset") < 0)
		return -1;
	return accept_forbidden((int)syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL), error,
				"a new session keyring cannot be had");
}

/* From here on no library finds anything of the caller's in the environment. */
static void seal_environment(const char *const **environment)
{
	static char *empty[] = { NULL };

	*environment = (const char *const *)environ;
	environ = empty;
}

int process_make_safe(const char *const **environment, struct error *error)
{
	seal_environment(environment);
	if (open_standard_descriptors(error) < 0 || close_other_descriptors(error) < 0 || reset_signals(error) < 0 ||
	    stop_timers(error) < 0 || reset_attributes(error) < 0)
		return -1;
	return limits_reset(error);
}

int process_limit_files(unsigned long count, struct error *error)
{
	return limits_set_files(count, error);
}

void process_prepare_exec(void)
{
	sigset_t none;

	for (size_t i = 0; i < ARRAY_LENGTH(ignored_signals); i++)
		set_handler(ignored_signals[i], SIG_DFL);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL); /* what has waited arrives now */
}
