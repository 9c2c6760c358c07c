/*
 * Holds the grammar of ip against the real ip: what the grammar allows is run,
 * and must neither run another command nor open a file that it names.
 *
 *     ip_oracle PROGRAM SECRET COUNT SEED [CORPUS...]
 *
 * PROGRAM is a command, and SECRET a file below /run, that ip must not touch: the kernel says
 * if either is opened.  PROGRAM's directory is in PATH.  COUNT command lines that
 * the grammar allows are put together of ip's words; those of CORPUS, words
 * separated by zero bytes, come first.  Run it as root in namespaces of its own.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/path.h"
#include "base/quote.h"
#include "filters/ip_grammar.h"

enum {
	MAX_WORDS = 32,         /* more than are ever put together */
	MAX_ASLEEP = 10,        /* looks that find it asleep, after which one goes on for ever, as monitor does */
	MAX_ROUNDS = 20000,     /* for whatever else does not end */
	TRIES = 100,            /* for one command line that is allowed */
};

static const char *const options[] = {
	"-4", "-6", "-0", "-s", "-d", "-r", "-o", "-t", "-ts", "-br", "-j", "-p", "-N", "-a", "-iec", "-c",
	"-color=always", "--json", "-echo", "-h", "-net", "-b", "-ba", "-batch", "--batch", "-force", "-fo",
	"-B", "-M", "-V", "--", "-e", "-al", "-st", "-x",
};

static const char *const with_value[] = {
	"-l", "-loops", "-f", "-family", "-fa", "-rc", "--rcvbuf", "-n", "-netns",
};

static const char *const objects[] = {
	"address", "addrlabel", "maddress", "route", "rule", "neighbor", "ntable", "link", "l2tp", "fou", "ila",
	"macsec", "tunnel", "tuntap", "token", "tcp_metrics", "monitor", "xfrm", "mroute", "mrule", "netns",
	"netconf", "vrf", "sr", "nexthop", "mptcp", "ioam", "stats", "help", "a", "addrl", "r", "ru", "n", "l",
	"t", "m", "mo", "x", "ne", "net", "netc", "v", "nex", "vr", "netn",
};

/* Subcommands, keywords, values and what is forbidden, in one bag: the grammar is to find its way. */
static const char *const others[] = {
	"add", "del", "delete", "set", "show", "list", "lst", "flush", "change", "replace", "get", "save",
	"restore", "showdump", "exec", "e", "ex", "attach", "at", "monitor", "m", "identify", "pids", "p",
	"list-id", "help", "dev", "lo", "up", "down", "mtu", "1500", "name", "type", "dummy", "vrf", "table",
	"10", "net", "v", "file", "f", "fi", "all", "label", "id", "1", "10.0.0.1/8", "via", "proto", "static",
	"encap", "bpf", "in", "out", "xmit", "headroom", "seg6local", "action", "End.BPF", "endpoint",
	"section", "x", "obj", "object", "object-file", "pinned", "xdp", "xdpgeneric", "xdpdrv", "off", "none",
	"netns", "link-netns", "link-netnsid", "state", "policy", "group", "default", "alias", "dump", "to",
	"from", "parent", "master", "peer", "stats", "limit", "hmac", "algo", "sec", "verbose",
};

/* What must not work: of these and their likes the grammar may let through only what does no harm. */
static const char *const forbidden[][10] = {
	{ "netns", "exec", "net", "PROGRAM" },
	{ "-all", "netns", "exec", "PROGRAM" },
	{ "vrf", "exec", "v", "PROGRAM" },
	{ "-batch", "SECRET" },
	{ "-force", "-batch", "SECRET" },
	{ "monitor", "file", "SECRET" },
	{ "monitor", "all", "label", "file", "SECRET" },
	{ "xfrm", "monitor", "file", "SECRET" },
	{ "-netns", "TRAVERSAL", "link" },
	{ "netns", "attach", "TRAVERSAL", "1" },
	{ "netns", "add", "TRAVERSAL" },
	{ "netns", "set", "TRAVERSAL", "1" },
	{ "link", "set", "lo", "netns", "SECRET" },
	{ "link", "set", "dev", "lo", "netns", "TRAVERSAL" },
	{ "link", "add", "d", "link-netns", "TRAVERSAL", "type", "dummy" },
	{ "link", "set", "dev", "lo", "xdp", "object", "SECRET" },
	{ "link", "set", "lo", "xdpgeneric", "pinned", "SECRET" },
	{ "route", "add", "10.0.0.0/8", "encap", "bpf", "in", "obj", "SECRET", "dev", "lo" },
	{ "nexthop", "add", "id", "1", "encap", "bpf", "in", "obj", "SECRET" },
};

static struct {
	const char *program;
	const char *secret;
	char traversal[64];     /* the secret as the name of a namespace, which is looked for in /run/netns */
	int watch;
	uint64_t state;
	unsigned failed;
} oracle;

/* xorshift64*: the same command lines for a seed on every machine. */
static unsigned random_below(unsigned limit)
{
	oracle.state ^= oracle.state >> 12;
	oracle.state ^= oracle.state << 25;
	oracle.state ^= oracle.state >> 27;
	return (unsigned)((oracle.state * UINT64_C(2685821657736338717)) >> 33) % limit;
}

static const char *random_other(void)
{
	switch (random_below(8)) {
	case 0:
		return oracle.secret;
	case 1:
		return random_below(2) == 0 ? oracle.program : path_base_name(oracle.program);
	case 2:
		return random_below(4) == 0 ? oracle.traversal : "net";
	default:
		return others[random_below(ARRAY_LENGTH(others))];
	}
}

/* Options in front, and behind some of them what may be taken for their value. */
static size_t add_options(const char **words)
{
	size_t count = 0;

	for (unsigned left = random_below(4); left > 0; left--) {
		if (random_below(2) == 0) {
			words[count++] = options[random_below(ARRAY_LENGTH(options))];
			continue;
		}
		words[count++] = with_value[random_below(ARRAY_LENGTH(with_value))];
		words[count++] = random_below(4) > 0 ? objects[random_below(ARRAY_LENGTH(objects))] : random_other();
	}
	return count;
}

static size_t add_random(const char **words)
{
	size_t count = 0;

	words[count++] = objects[random_below(ARRAY_LENGTH(objects))];
	for (unsigned left = random_below(7); left > 0; left--)
		words[count++] = random_other();
	return count;
}

/* Whole or abbreviated. */
static const char *spell(const char *word, struct arena *arena)
{
	if (strcmp(word, "PROGRAM") == 0)
		return random_below(2) == 0 ? oracle.program : path_base_name(oracle.program);
	if (strcmp(word, "SECRET") == 0)
		return oracle.secret;
	if (strcmp(word, "TRAVERSAL") == 0)
		return oracle.traversal;
	if (random_below(3) > 0)
		return word;
	return arena_copy(arena, word, 1 + random_below((unsigned)strlen(word)));
}

/* One that must not work, with a word more or less now and then. */
static size_t add_forbidden(const char **words, struct arena *arena)
{
	const char *const *line = forbidden[random_below(ARRAY_LENGTH(forbidden))];
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(forbidden[0]) && line[i]; i++) {
		if (random_below(12) == 0)
			words[count++] = random_other();
		if (random_below(12) > 0)
			words[count++] = spell(line[i], arena);
	}
	return count;
}

static size_t make_words(const char **words, struct arena *arena)
{
	size_t count = random_below(2) == 0 ? add_options(words) : 0;

	return count + (random_below(4) == 0 ? add_random(words + count) : add_forbidden(words + count, arena));
}

static bool is_allowed(const char *const *words, size_t count)
{
	struct error error;
	size_t index;

	return ip_grammar_check(words, count, &index, &error) == 0;
}

static void fail(const char *const *words, size_t count, const char *what)
{
	CLEANUP(strbuf_free) struct strbuf line = { 0 };

	quote_append_words(&line, words, count);
	fprintf(stderr, "ip_oracle: %s: ip %s\n", what, strbuf_text(&line));
	oracle.failed++;
}

/* Whether anything was opened since the last question. */
static bool was_opened(void)
{
	char events[4096];
	bool opened = false;

	while (read(oracle.watch, events, sizeof(events)) > 0)
		opened = true;
	return opened;
}

static void become_ip(const char *const *words, size_t count)
{
	const char *argv[MAX_WORDS + 2] = { "ip" };
	int null = open("/dev/null", O_RDWR);

	memcpy(argv + 1, words, count * sizeof(*words));
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	setpgid(0, 0);
	execvp("ip", (char *const *)(uintptr_t)argv);
	_exit(127);
}

static void end_group(pid_t child)
{
	kill(-child, SIGKILL);
	kill(child, SIGKILL);
	if (waitpid(child, NULL, 0) < 0)
		perror("ip_oracle: waitpid");
}

static bool is_asleep(pid_t child)
{
	char path[32];
	char state = '?';
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)child);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = '?';
	if (file)
		fclose(file);
	return state == 'S';
}

/* A monitor would wait for ever for something to happen; by then it has read its arguments. */
static void run_ip(const char *const *words, size_t count)
{
	pid_t child = fork();
	struct pollfd end = { .events = POLLIN };
	int asleep = 0;

	if (child == 0)
		become_ip(words, count);
	end.fd = child > 0 ? (int)syscall(SYS_pidfd_open, child, 0) : -1;
	if (end.fd < 0) {
		perror("ip_oracle");
		exit(EXIT_FAILURE);
	}
	for (int rounds = 0; rounds < MAX_ROUNDS && asleep < MAX_ASLEEP && poll(&end, 1, 2) == 0; rounds++)
		asleep += is_asleep(child);
	end_group(child);
	close(end.fd);
}

/* What others may have taken away: without the namespace, exec would fail for that reason. */
static void prepare(void)
{
	static const char *const add[] = { "netns", "add", "net" };

	if (access("/run/netns/net", F_OK) < 0)
		run_ip(add, ARRAY_LENGTH(add));
	(void)was_opened();
}

static void try_words(const char *const *words, size_t count)
{
	prepare();
	run_ip(words, count);
	if (was_opened())
		fail(words, count, "it opened the program or the file");
}

/* The oracle itself: each of these must be seen. */
static void check_oracle(void)
{
	const char *const controls[][4] = {
		{ "netns", "exec", "net", oracle.program },
		{ "net", "e", "net", path_base_name(oracle.program) },
		{ "-force", "-b", oracle.secret, NULL },
		{ "monitor", "file", oracle.secret, NULL },
		{ "-n", oracle.traversal, "link", NULL },
	};

	for (size_t i = 0; i < ARRAY_LENGTH(controls); i++) {
		size_t count = controls[i][3] ? 4 : 3;

		prepare();
		run_ip(controls[i], count);
		if (!was_opened())
			fail(controls[i], count, "not seen, so that nothing would be");
		if (is_allowed(controls[i], count))
			fail(controls[i], count, "allowed");
	}
}

static void try_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char bytes[4096];
	const char *words[MAX_WORDS];
	size_t size = file ? fread(bytes, 1, sizeof(bytes) - 1, file) : 0;
	size_t count = 0;

	if (file)
		fclose(file);
	bytes[size] = '\0';
	for (size_t i = 0; i < size && count < MAX_WORDS; i += strlen(bytes + i) + 1)
		words[count++] = bytes + i;
	if (is_allowed(words, count))
		try_words(words, count);
}

static void start(char **argv)
{
	oracle.program = argv[1];
	oracle.secret = argv[2];
	snprintf(oracle.traversal, sizeof(oracle.traversal), "../%s", argv[2] + strlen("/run/"));
	oracle.state = strtoull(argv[4], NULL, 10) * UINT64_C(0x9e3779b97f4a7c15) + 1;
	oracle.watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (inotify_add_watch(oracle.watch, oracle.program, IN_OPEN) < 0 ||
	    inotify_add_watch(oracle.watch, oracle.secret, IN_OPEN) < 0) {
		perror("ip_oracle: inotify");
		exit(EXIT_FAILURE);
	}
}

int main(int argc, char **argv)
{
	unsigned wanted = argc > 4 ? (unsigned)strtoul(argv[3], NULL, 10) : 0;
	unsigned allowed = 0;

	if (argc < 5 || strncmp(argv[2], "/run/", strlen("/run/")) != 0) {
		fprintf(stderr, "usage: ip_oracle PROGRAM SECRET COUNT SEED [CORPUS...]\n");
		return EXIT_FAILURE;
	}
	start(argv);
	check_oracle();
	for (int i = 5; i < argc; i++)
		try_file(argv[i]);
	for (unsigned tries = 0; allowed < wanted && tries < wanted * TRIES; tries++) {
		CLEANUP(arena_free) struct arena arena = { 0 };
		const char *words[MAX_WORDS];
		size_t count = make_words(words, &arena);

		if (count == 0 || !is_allowed(words, count))
			continue;
		allowed++;
		try_words(words, count);
	}
	printf("%u command lines, %u faults\n", allowed, oracle.failed);
	return allowed == wanted && oracle.failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
