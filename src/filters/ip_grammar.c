#include "filters/ip_grammar.h"

#include <stdbool.h>
#include <string.h>

#include "base/path.h"

struct words {
	const char *const *word;
	size_t count;
	size_t at;              /* of the word being judged */
	struct error *error;
};

enum option_kind {
	OPTION_ALONE,
	OPTION_VALUE,           /* the next word is its value */
	OPTION_NAMESPACE,       /* the next word names a network namespace */
	OPTION_REFUSED,
};

/* In the order in which ip compares them: the first of which the word is the beginning counts. */
static const struct option {
	const char *name;
	enum option_kind kind;
	bool exact;             /* cannot be abbreviated */
} options[] = {
	{ "-loops", OPTION_VALUE, false },
	{ "-family", OPTION_VALUE, false },
	{ "-4", OPTION_ALONE, true },
	{ "-6", OPTION_ALONE, true },
	{ "-0", OPTION_ALONE, true },
	{ "-M", OPTION_ALONE, true },
	{ "-B", OPTION_ALONE, true },
	{ "-human-readable", OPTION_ALONE, false },
	{ "-iec", OPTION_ALONE, false },
	{ "-stats", OPTION_ALONE, false },
	{ "-statistics", OPTION_ALONE, false },
	{ "-details", OPTION_ALONE, false },
	{ "-resolve", OPTION_ALONE, false },
	{ "-oneline", OPTION_ALONE, false },
	{ "-timestamp", OPTION_ALONE, false },
	{ "-tshort", OPTION_ALONE, false },
	{ "-Version", OPTION_ALONE, false },
	{ "-force", OPTION_REFUSED, false },
	{ "-batch", OPTION_REFUSED, false },    /* runs the lines of a file, and prints those it cannot read */
	{ "-brief", OPTION_ALONE, false },
	{ "-json", OPTION_ALONE, false },
	{ "-pretty", OPTION_ALONE, false },
	{ "-rcvbuf", OPTION_VALUE, false },
	{ "-color", OPTION_ALONE, false },
	{ "-help", OPTION_ALONE, false },
	{ "-netns", OPTION_NAMESPACE, false },
	{ "-Numeric", OPTION_ALONE, false },
	{ "-all", OPTION_ALONE, false },
	{ "-echo", OPTION_ALONE, true },
};

static int refuse(const struct words *words, const char *why)
{
	return error_set(words->error, "%s", why);
}

/* iproute2's matches(): a word stands for each name that it begins. */
static bool begins(const char *word, const char *name)
{
	return *word != '\0' && strncmp(word, name, strlen(word)) == 0;
}

static bool has_next(const struct words *words)
{
	return words->at + 1 < words->count;
}

static const char *current(const struct words *words)
{
	return words->word[words->at];
}

/* A name with a slash would be taken as the path of any namespace file. */
static int check_namespace(const struct words *words)
{
	return path_is_plain_name(current(words)) ? 0 : refuse(words, "it is no name of a network namespace");
}

/* "-color=WHEN", abbreviated or not: ip compares what stands before the equals sign. */
static bool is_color_with_value(const char *word)
{
	size_t length = strcspn(word, "=");

	return word[length] == '=' && length >= strlen("-c") && strncmp(word, "-color", length) == 0;
}

static const struct option *find_option(const char *word)
{
	static const struct option color = { "-color", OPTION_ALONE, false };

	if (is_color_with_value(word))
		return &color;
	for (size_t i = 0; i < ARRAY_LENGTH(options); i++) {
		if (options[i].exact ? strcmp(word, options[i].name) == 0 : begins(word, options[i].name))
			return &options[i];
	}
	return NULL;
}

/* One global option and its value; afterwards words->at is behind them. */
static int check_option(struct words *words)
{
	const char *word = current(words);
	const struct option *option = find_option(word[1] == '-' ? word + 1 : word);

	if (!option)
		return refuse(words, "it is no option of ip known here");
	if (option->kind == OPTION_REFUSED)
		return refuse(words, "-batch and -force are not allowed");
	if (option->kind != OPTION_ALONE) {
		if (!has_next(words))
			return refuse(words, "its value is missing");
		words->at++;
	}
	if (option->kind == OPTION_NAMESPACE && check_namespace(words) < 0)
		return -1;
	words->at++;
	return 0;
}

/* Afterwards words->at is at the object, or at the end. */
static int check_options(struct words *words)
{
	while (words->at < words->count && current(words)[0] == '-') {
		if (strcmp(current(words), "--") == 0) {
			words->at++;
			return 0;
		}
		if (check_option(words) < 0)
			return -1;
	}
	return 0;
}

static bool is_any_of(const char *word, const char *const *names)
{
	for (; *names; names++) {
		if (begins(word, *names))
			return true;
	}
	return false;
}

/* From the subcommand on, for objects of which only these subcommands are safe. */
static int check_subcommand(const struct words *words, const char *const *allowed, const char *why)
{
	if (words->at == words->count || is_any_of(current(words), allowed))
		return 0;
	return refuse(words, why);
}

static int check_netns(struct words *words)
{
	/* In ip's order; exec, monitor and attach come after these, so "e", "m" and "at" are none of them. */
	static const char *const allowed[] = { "list", "show", "lst", "list-id", "help", "add", "set", "delete",
					       "identify", "pids", NULL };

	if (check_subcommand(words, allowed, "only list, add, set, delete, identify and pids of netns are allowed") < 0)
		return -1;
	for (; words->at < words->count; words->at++) {
		if (strchr(current(words), '/') || strcmp(current(words), "..") == 0 ||
		    strcmp(current(words), ".") == 0)
			return refuse(words, "it is no name of a network namespace");
	}
	return 0;
}

static int check_vrf(struct words *words)
{
	static const char *const allowed[] = { "show", "list", "lst", "identify", "pids", "help", NULL };

	return check_subcommand(words, allowed, "only show, identify and pids of vrf are allowed");
}

static int check_monitor(struct words *words)
{
	for (; words->at < words->count; words->at++) {
		if (begins(current(words), "file"))
			return refuse(words, "monitor must not read a file");
	}
	return 0;
}

/* Its monitor reads a file too. */
static int check_xfrm(struct words *words)
{
	return words->at < words->count && begins(current(words), "monitor") ? check_monitor(words) : 0;
}

static bool is_equal_to_any(const char *word, const char *const *names)
{
	for (; *names; names++) {
		if (strcmp(word, *names) == 0)
			return true;
	}
	return false;
}

/* A namespace with a slash would be the path of any namespace file; a type is part of the name of a library. */
static int check_link(struct words *words)
{
	static const char *const programs[] = { "xdp", "xdpgeneric", "xdpdrv", "xdpoffload", NULL };

	for (; words->at < words->count; words->at++) {
		const char *word = current(words);
		const char *value = has_next(words) ? words->word[words->at + 1] : "";
		bool value_is_name = begins(word, "netns") || begins(word, "link-netns") || begins(word, "type") ||
				     begins(word, "help");

		if (is_equal_to_any(word, programs) && strcmp(value, "off") != 0 && strcmp(value, "none") != 0)
			return refuse(words, "a program from a file must not be loaded");
		if (!value_is_name || !strchr(value, '/'))
			continue;
		words->at++;
		return refuse(words, "its value must be a name, not a path");
	}
	return 0;
}

/* restore and showdump read what they are given as kernel messages. */
static int check_no_dump(struct words *words, const char *first_with_r)
{
	if (words->at == words->count)
		return 0;
	if (begins(current(words), "restore") && !begins(current(words), first_with_r))
		return refuse(words, "restore is not allowed");
	if (begins(current(words), "showdump") && !begins(current(words), "show"))
		return refuse(words, "showdump is not allowed");
	return 0;
}

static int check_route(struct words *words)
{
	/* encap bpf, and encap seg6local action End.BPF endpoint */
	static const char *const programs[] = { "bpf", "endpoint", NULL };

	if (check_no_dump(words, "replace") < 0)
		return -1;
	for (; words->at < words->count; words->at++) {
		if (is_equal_to_any(current(words), programs))
			return refuse(words, "a program from a file must not be loaded");
	}
	return 0;
}

static int check_address(struct words *words)
{
	return check_no_dump(words, "replace");
}

static int check_rule(struct words *words)
{
	return check_no_dump(words, "\n"); /* no subcommand of rule but restore begins with r */
}

/* In the order in which ip compares them.  check sees the words after the object. */
static const struct object {
	const char *name;
	int (*check)(struct words *words);
} objects[] = {
	{ "address", check_address },
	{ "addrlabel", NULL },
	{ "maddress", NULL },
	{ "route", check_route },
	{ "rule", check_rule },
	{ "neighbor", NULL },
	{ "neighbour", NULL },
	{ "ntable", NULL },
	{ "ntbl", NULL },
	{ "link", check_link },
	{ "l2tp", NULL },
	{ "fou", NULL },
	{ "ila", NULL },
	{ "macsec", NULL },
	{ "tunnel", NULL },
	{ "tunl", NULL },
	{ "tuntap", NULL },
	{ "tap", NULL },
	{ "token", NULL },
	{ "tcpmetrics", NULL },
	{ "tcp_metrics", NULL },
	{ "monitor", check_monitor },
	{ "xfrm", check_xfrm },
	{ "mroute", NULL },
	{ "mrule", check_rule },
	{ "netns", check_netns },
	{ "netconf", NULL },
	{ "vrf", check_vrf },
	{ "sr", NULL },
	{ "nexthop", check_route },
	{ "mptcp", NULL },
	{ "ioam", NULL },
	{ "stats", NULL },
	{ "help", NULL },
};

static const struct object *find_object(const char *word)
{
	for (size_t i = 0; i < ARRAY_LENGTH(objects); i++) {
		if (begins(word, objects[i].name))
			return &objects[i];
	}
	return NULL;
}

int ip_grammar_check(const char *const *words, size_t count, size_t *index, struct error *error)
{
	struct words state = { .word = words, .count = count, .error = error };
	const struct object *object = NULL;
	int result = check_options(&state);

	if (result == 0 && state.at < count) {
		object = find_object(current(&state));
		if (!object)
			result = refuse(&state, "it is no object of ip known here");
	}
	if (object) {
		state.at++;
		result = object->check ? object->check(&state) : 0;
	}
	*index = state.at;
	return result;
}
