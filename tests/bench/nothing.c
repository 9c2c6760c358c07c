/*
 * The least that a wrapper with our libraries can cost: links them, does nothing,
 * becomes the command.  WITH_A_FORK it starts the command and waits.
 */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef WITH_A_FORK
static int start(char **command)
{
	int status = 1;
	pid_t pid = fork();

	if (pid == 0) {
		execv(command[0], command);
		_exit(1);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return 1;
	return status != 0;
}
#endif

int main(int argc, char **argv)
{
#ifdef WITH_A_FORK
	if (argc > 1)
		return start(argv + 1);
#endif
	if (argc > 1)
		execv(argv[1], argv + 1);
	perror("execv");
	return 1;
}
