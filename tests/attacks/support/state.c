/*
 * state: prints what a command has got from whoever started it, a line a fact: the
 * arguments, ids, capabilities, signals and limits of /proc/self, its descriptors,
 * environment, umask, working directory, session and process group.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void print_file(const char *path, const char *prefix)
{
	char line[4096];
	FILE *file = fopen(path, "r");

	while (file && fgets(line, sizeof(line), file))
		printf("%s%s", prefix, line);
	if (file)
		fclose(file);
}

/* Bytes that are not printable as \ooo. */
static void print_quoted(const char *key, const char *text)
{
	printf("%s ", key);
	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;

		if (byte < 0x20 || byte > 0x7e || byte == '\\')
			printf("\\%03o", byte);
		else
			putchar(byte);
	}
	putchar('\n');
}

static void print_descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	const struct dirent *entry;

	while (directory && (entry = readdir(directory)) != NULL) {
		char target[4096];
		ssize_t length;

		if (entry->d_name[0] == '.' || atoi(entry->d_name) == dirfd(directory))
			continue;
		length = readlinkat(dirfd(directory), entry->d_name, target, sizeof(target) - 1);
		target[length > 0 ? length : 0] = '\0';
		printf("fd %s %s\n", entry->d_name, target);
	}
	if (directory)
		closedir(directory);
}

/* All 0 and 50000 by default, but the time stamp counter, 1, and the policy of machine checks, 2. */
static void print_settings(void)
{
	int counter = 1;
	int subreaper = 0;
	int memory_policy = 0;

	prctl(PR_GET_TSC, &counter, 0, 0, 0);
	prctl(PR_GET_CHILD_SUBREAPER, &subreaper, 0, 0, 0);
	syscall(SYS_get_mempolicy, &memory_policy, NULL, 0, NULL, 0);
	printf("settings slack %d counter %d subreaper %d policy %d mce %d merge %d\n",
	       prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0), counter, subreaper, memory_policy,
	       prctl(PR_MCE_KILL_GET, 0, 0, 0, 0), prctl(68 /* PR_GET_MEMORY_MERGE */, 0, 0, 0, 0) > 0);
}

int main(int argc, char **argv, char **environment)
{
	mode_t mask = umask(0);
	char cwd[4096];

	for (int i = 0; i < argc; i++)
		print_quoted("arg", argv[i]);
	print_file("/proc/self/status", "");
	print_file("/proc/self/limits", "limit ");
	print_descriptors();
	for (; *environment; environment++)
		print_quoted("env", *environment);
	printf("umask %04o\n", (unsigned)mask);
	print_quoted("cwd", getcwd(cwd, sizeof(cwd)) ? cwd : "-");
	printf("session %d\ngroup %d\n", (int)getsid(0), (int)getpgrp());
	printf("personality %lx\n", (unsigned long)personality(0xffffffff));
	printf("dumpable %d\n", prctl(PR_GET_DUMPABLE));
	print_settings();
	return 0;
}
