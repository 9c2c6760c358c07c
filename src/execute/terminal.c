#include "execute/terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/attributes.h"
#include "base/clock.h"
#include "base/descriptor.h"

enum { RING_AGAIN = 20 };       /* milliseconds */

static int open_controlling(void)
{
	return open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
}

int terminal_open_foreground(void)
{
	int terminal = open_controlling();

	if (terminal >= 0 && tcgetpgrp(terminal) == getpgrp())
		return terminal;
	descriptor_close(&terminal);
	return -1;
}

bool terminal_give(int terminal, pid_t group)
{
	return terminal >= 0 && tcsetpgrp(terminal, group) == 0;
}

bool terminal_give_ours(pid_t group)
{
	CLEANUP(descriptor_close) int terminal = terminal_open_foreground();

	return terminal_give(terminal, group);
}

void terminal_take_back(void)
{
	CLEANUP(descriptor_close) int terminal = open_controlling();

	(void)terminal_give(terminal, getpgrp());
}

bool terminal_has_stopped(int status)
{
	return WIFSTOPPED(status) &&
	       (WSTOPSIG(status) == SIGTSTP || WSTOPSIG(status) == SIGTTIN || WSTOPSIG(status) == SIGTTOU);
}

/*
 * A stopped process cannot see its time run out: somebody has to wake it, again
 * and again, because it may not have stopped yet.
 */
static NORETURN void ring(long deadline, pid_t sleeper)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	for (long left = deadline - clock_milliseconds(); getppid() == sleeper; left = RING_AGAIN) {
		poll(NULL, 0, left > 0 ? (int)left : 0);
		kill(sleeper, SIGCONT);
	}
	_exit(0);
}

bool terminal_stop_self(long deadline)
{
	pid_t sleeper = getpid();
	pid_t alarm_clock = 0;

	if (deadline >= 0) {
		alarm_clock = fork();
		if (alarm_clock == 0)
			ring(deadline, sleeper);
		if (alarm_clock < 0)
			return false;
	}
	raise(SIGSTOP);
	if (alarm_clock > 0) { /* to kill(2) -1 is everybody */
		kill(alarm_clock, SIGKILL);
		(void)waitpid(alarm_clock, NULL, 0);
	}
	return true;
}
