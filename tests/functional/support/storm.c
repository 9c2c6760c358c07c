/*
 * Runs a command again and again, while an attacker beside it exchanges two
 * names for ever; looks after each run whether something changed that must not.
 *
 *	storm [OPTION...] COMMAND [ARG...]
 *
 *	-n RUNS      of the command
 *	-s RUNS      so many of them by svc, through `sudo -n`
 *	-j WORKERS   processes that share them
 *	-x ONE:OTHER names that svc exchanges
 *	-r KIND:NAME what the command works on in DIRECTORY: a `file` or `directory`
 *	             that svc makes anew before a run if it is missing, one that must
 *	             be `absent`, or one that is `kept`
 *	-l LINK:PATH beside NAME, to PATH: made anew where it is what is missing
 *	-d DIRECTORY where NAME is before the storm
 *	-p PATH      protected: must not change; a few of them
 *	-h DIRECTORY honest: one run more for ten others on NAME, the last argument,
 *	             in this directory of nobody else's
 *	-1           stop at the first escape
 *
 * Prints words NAME=NUMBER: runs, sudo, passed (the wrapper's check), succeeded,
 * errors (of the wrapper), escapes, swaps, honest, honest_succeeded.
 */
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	SVC = 2001,
	MAX_WORDS = 64,
	MAX_PROTECTED = 8,
	MAX_WORKERS = 16,
	RUNS_FOR_AN_HONEST_ONE = 10,
	DENIED = 99,                    /* exit status of the wrapper */
	FIRST_ERROR = 95,               /* and below DENIED: its other ones */
	CANNOT_EXECUTE = 126,           /* and above: exec failed, or a signal */
};

/* Of all processes. */
struct tally {
	atomic_ulong runs, sudo, passed, succeeded, errors, escapes, swaps, honest, honest_succeeded;
	atomic_uint_fast64_t seen;      /* fingerprint of what is protected */
};

struct storm {
	char **command;
	long runs;
	long sudo_runs;
	long workers;
	const char *one;
	const char *other;
	const char *kind;               /* NULL: nothing to put right */
	const char *name;
	const char *link;               /* beside NAME; NULL: none */
	const char *link_target;
	const char *directory;
	const char *honest;
	const char *protected[MAX_PROTECTED];
	size_t protected_count;
	bool stop_at_escape;
	struct tally *tally;
};

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void become_svc(void)
{
	if (setgroups(0, NULL) < 0 || setresgid(SVC, SVC, SVC) < 0 || setresuid(SVC, SVC, SVC) < 0)
		fail("svc");
}

/* Opened before the storm, so that nobody is led elsewhere by it. */
static int open_directory(const char *path)
{
	int directory = path ? open(path, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;

	if (path && directory < 0)
		fail(path);
	return directory;
}

/* A command that removes NAME can have met the link in its place: then that is what is missing. */
static void make(const struct storm *storm, int directory)
{
	struct stat status;
	int file;

	if (storm->link && fstatat(directory, storm->link, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
	    !S_ISLNK(status.st_mode)) {
		(void)!symlinkat(storm->link_target, directory, storm->name);
	} else if (strcmp(storm->kind, "directory") == 0) {
		(void)!mkdirat(directory, storm->name, 0755);
	} else {
		file = openat(directory, storm->name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644);
		if (file >= 0)
			close(file);
	}
}

/* As svc, so that what is root's cannot be meant. */
static void put_right(const struct storm *storm, int directory)
{
	struct stat status;

	if (!storm->kind)
		return;
	if (setegid(SVC) < 0 || seteuid(SVC) < 0)
		fail("svc");
	if (strcmp(storm->kind, "absent") == 0)
		(void)unlinkat(directory, storm->name, AT_REMOVEDIR);
	else if (fstatat(directory, storm->name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		make(storm, directory);
	if (seteuid(0) < 0 || setegid(0) < 0)
		fail("root");
}

/* For ever. */
static void exchange(const struct storm *storm)
{
	become_svc();
	for (;;) {
		if (renameat2(AT_FDCWD, storm->one, AT_FDCWD, storm->other, RENAME_EXCHANGE) == 0)
			storm->tally->swaps++;
	}
}

static void become_command(char **command, bool sudo)
{
	static const char *const environment[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C", NULL };
	const char *words[MAX_WORDS + 2] = { "/usr/bin/sudo", "-n" };
	int input = open("/etc/hostname", O_RDONLY);
	int output = open("/dev/null", O_WRONLY);

	for (size_t i = 0; i < MAX_WORDS && command[i]; i++)
		words[i + 2] = command[i];
	if (dup2(input, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
	    dup2(output, STDERR_FILENO) < 0)
		_exit(CANNOT_EXECUTE);
	if (sudo)
		become_svc();
	execve(words[sudo ? 0 : 2], (char *const *)words + (sudo ? 0 : 2), (char *const *)environment);
	_exit(CANNOT_EXECUTE);
}

static int run(char **command, bool sudo)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		fail("fork");
	if (pid == 0)
		become_command(command, sudo);
	if (waitpid(pid, &status, 0) < 0)
		fail("waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static uint64_t fingerprint(const struct storm *storm)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < storm->protected_count; i++) {
		struct stat status = { 0 };
		uint64_t facts[8] = { 0 };

		if (lstat(storm->protected[i], &status) == 0) {
			facts[0] = status.st_ino;
			facts[1] = status.st_mode;
			facts[2] = status.st_uid;
			facts[3] = status.st_gid;
			facts[4] = (uint64_t)status.st_size;
			facts[5] = (uint64_t)status.st_mtim.tv_nsec;
			facts[6] = (uint64_t)status.st_ctim.tv_sec;
			facts[7] = (uint64_t)status.st_ctim.tv_nsec;
		}
		for (size_t fact = 0; fact < 8; fact++)
			hash = (hash ^ facts[fact]) * 0x9e3779b97f4a7c15 + 1;
	}
	return hash;
}

static void look(const struct storm *storm)
{
	uint64_t found = fingerprint(storm);

	if (atomic_exchange(&storm->tally->seen, found) != found)
		storm->tally->escapes++;
}

static void work(const struct storm *storm, long runs, long sudo_runs)
{
	struct tally *tally = storm->tally;
	int directory = open_directory(storm->directory);

	for (long i = 0; i < runs && !(storm->stop_at_escape && tally->escapes > 0); i++) {
		int status;

		put_right(storm, directory);
		status = run(storm->command, i < sudo_runs);
		look(storm);
		tally->runs++;
		tally->sudo += i < sudo_runs;
		tally->succeeded += status == 0;
		if (status >= CANNOT_EXECUTE || (status >= FIRST_ERROR && status < DENIED))
			tally->errors++;
		else if (status != DENIED)
			tally->passed++;
	}
}

static void work_honestly(const struct storm *storm)
{
	long runs = storm->runs / RUNS_FOR_AN_HONEST_ONE + 1;
	int directory = open_directory(storm->honest);
	char target[4096];
	char *command[MAX_WORDS] = { NULL };
	size_t count = 0;

	while (count < MAX_WORDS - 1 && storm->command[count]) {
		command[count] = storm->command[count];
		count++;
	}
	snprintf(target, sizeof(target), "%s/%s", storm->honest, storm->name);
	command[count - 1] = target;
	for (long i = 0; i < runs; i++) {
		put_right(storm, directory);
		storm->tally->honest++;
		if (run(command, i < storm->sudo_runs / RUNS_FOR_AN_HONEST_ONE) == 0)
			storm->tally->honest_succeeded++;
	}
}

/* A process of its own for each; who is left alone goes, too. */
static pid_t start(void)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("fork");
	if (pid == 0)
		prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	return pid;
}

static void rage(const struct storm *storm)
{
	pid_t workers[MAX_WORKERS + 1];
	pid_t swapper = -1;
	size_t count = 0;
	int failed = 0;

	storm->tally->seen = fingerprint(storm);
	if (storm->one && (swapper = start()) == 0)
		exchange(storm);
	for (long i = 0; i < storm->workers; i++) {
		workers[count] = start();
		if (workers[count++] == 0) {
			work(storm, storm->runs * (i + 1) / storm->workers - storm->runs * i / storm->workers,
			     storm->sudo_runs * (i + 1) / storm->workers -
				     storm->sudo_runs * i / storm->workers);
			exit(0);
		}
	}
	if (storm->honest && (workers[count++] = start()) == 0) {
		work_honestly(storm);
		exit(0);
	}
	while (count > 0) {
		int status;

		if (waitpid(workers[--count], &status, 0) < 0 || status != 0)
			failed = 1;
	}
	if (swapper > 0)
		kill(swapper, SIGKILL);
	if (failed) {
		fputs("storm: a worker failed\n", stderr);
		exit(1);
	}
}

static void print(const struct tally *tally)
{
	printf("runs=%lu sudo=%lu passed=%lu succeeded=%lu errors=%lu escapes=%lu swaps=%lu honest=%lu "
	       "honest_succeeded=%lu\n",
	       tally->runs, tally->sudo, tally->passed, tally->succeeded, tally->errors, tally->escapes,
	       tally->swaps, tally->honest, tally->honest_succeeded);
}

/* Cuts TEXT at its colon. */
static char *cut(char *text)
{
	char *colon = strchr(text, ':');

	if (!colon) {
		fprintf(stderr, "storm: %s: a colon is missing\n", text);
		exit(2);
	}
	*colon = '\0';
	return colon + 1;
}

static void take_option(struct storm *storm, int option)
{
	switch (option) {
	case 'n':
		storm->runs = strtol(optarg, NULL, 10);
		break;
	case 's':
		storm->sudo_runs = strtol(optarg, NULL, 10);
		break;
	case 'j':
		storm->workers = strtol(optarg, NULL, 10);
		break;
	case 'x':
		storm->one = optarg;
		storm->other = cut(optarg);
		break;
	case 'r':
		storm->name = cut(optarg);
		storm->kind = strcmp(optarg, "kept") == 0 ? NULL : optarg;
		break;
	case 'l':
		storm->link = optarg;
		storm->link_target = cut(optarg);
		break;
	case 'd':
		storm->directory = optarg;
		break;
	case 'h':
		storm->honest = optarg;
		break;
	case 'p':
		if (storm->protected_count < MAX_PROTECTED)
			storm->protected[storm->protected_count++] = optarg;
		break;
	case '1':
		storm->stop_at_escape = true;
		break;
	default:
		exit(2);
	}
}

int main(int argc, char **argv)
{
	struct storm storm = { .runs = 1, .workers = 1 };
	int option;

	while ((option = getopt(argc, argv, "+n:s:j:x:r:l:d:h:p:1")) != -1)
		take_option(&storm, option);
	storm.command = argv + optind;
	if (optind == argc || storm.workers < 1 || storm.workers > MAX_WORKERS ||
	    storm.sudo_runs > storm.runs) {
		fputs("usage: storm [OPTION...] COMMAND [ARG...]\n", stderr);
		return 2;
	}
	storm.tally =
		mmap(NULL, sizeof(*storm.tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (storm.tally == MAP_FAILED)
		fail("mmap");
	rage(&storm);
	print(storm.tally);
	return 0;
}
