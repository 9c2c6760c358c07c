#include "execute/execute.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/exit_status.h"
#include "filters/kill_target.h"
#include "process/process.h"

void execute_command(const struct decision *decision, const char *const *environment, struct error *error)
{
	int saved;

	process_prepare_exec();
	execve(decision->program, (char *const *)decision->argv, (char *const *)environment);
	saved = errno;
	process_hold_signals();
	error_set(error, "%s: %s", decision->program, strerror(saved));
	errno = saved;
}

int execute_failure_status(int error_number)
{
	return error_number == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXECUTE;
}

int execute_kill(const struct decision *decision, struct error *error)
{
	const struct kill_target *target = decision->target;

	if (syscall(SYS_pidfd_send_signal, target->pidfd, decision->signal, NULL, 0U) == 0)
		return 0;
	error_set(error, "kill: (%d): %s", (int)target->pid, strerror(errno));
	return 1;
}
