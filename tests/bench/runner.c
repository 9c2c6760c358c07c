/*
 * Times whole commands, one of each in turn, so that whatever else the machine
 * does falls on all alike: runner ROUNDS FILE.  A line of FILE is a name, a tab
 * and a command with blanks between its words; the first is the measure of the
 * others.  Prints name, median and minimum in microseconds, ratio of the medians,
 * and the median of the processors' time, which a busy machine changes less.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_COMMANDS = 32, MAX_WORDS = 64, MAX_LINE = 4096, WARM_UP = 5 };

struct command {
	char line[MAX_LINE];
	const char *name;
	char *words[MAX_WORDS];
	double *times;
	double *processor_times;
};

static _Noreturn void fail(const char *what)
{
	perror(what);
	exit(1);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static double microseconds(const struct timeval *time)
{
	return (double)time->tv_sec * 1e6 + (double)time->tv_usec;
}

static void run(const struct command *command, size_t round, posix_spawn_file_actions_t *actions)
{
	double start = now();
	struct rusage usage;
	int status;
	pid_t pid;

	errno = posix_spawn(&pid, command->words[0], actions, NULL, command->words, environ);
	if (errno != 0 || wait4(pid, &status, 0, &usage) < 0)
		fail(command->words[0]);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fprintf(stderr, "%s: status %d\n", command->name, status);
		exit(1);
	}
	command->times[round] = now() - start;
	command->processor_times[round] = microseconds(&usage.ru_utime) + microseconds(&usage.ru_stime);
}

static size_t read_commands(const char *path, struct command *commands, size_t rounds)
{
	FILE *file = fopen(path, "r");
	size_t count = 0;

	if (!file)
		fail(path);
	while (count < MAX_COMMANDS && fgets(commands[count].line, MAX_LINE, file)) {
		struct command *command = &commands[count++];
		size_t words = 0;

		command->name = strtok(command->line, "\t\n");
		while (words < MAX_WORDS - 1 && (command->words[words] = strtok(NULL, " \n")))
			words++;
		command->times = calloc(rounds, sizeof(double));
		command->processor_times = calloc(rounds, sizeof(double));
		if (!command->times || !command->processor_times || words == 0)
			fail("a command");
	}
	fclose(file);
	return count;
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a;
	double right = *(const double *)b;

	return left < right ? -1 : left > right;
}

int main(int argc, char **argv)
{
	static struct command commands[MAX_COMMANDS];
	posix_spawn_file_actions_t actions;
	size_t rounds = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;
	size_t count;

	if (rounds == 0) {
		fputs("usage: runner ROUNDS FILE\n", stderr);
		return 2;
	}
	count = read_commands(argv[2], commands, rounds);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	for (size_t i = 0; i < count * WARM_UP; i++)
		run(&commands[i % count], 0, &actions);
	for (size_t round = 0; round < rounds; round++) {
		for (size_t i = 0; i < count; i++)
			run(&commands[i], round, &actions);
	}
	for (size_t i = 0; i < count; i++) {
		double *times = commands[i].times;
		double *processor_times = commands[i].processor_times;

		qsort(times, rounds, sizeof(double), compare);
		qsort(processor_times, rounds, sizeof(double), compare);
		printf("%s\t%.0f\t%.0f\t%.2f\t%.0f\n", commands[i].name, times[rounds / 2], times[0],
		       times[rounds / 2] / commands[0].times[rounds / 2], processor_times[rounds / 2]);
	}
	return 0;
}
