#include "execute/descendants.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/attributes.h"
#include "base/descriptor.h"
#include "base/memory.h"
#include "base/strbuf.h"

/* A descriptor each.  Whom one walk does not reach for want of them, a later one does: it begins elsewhere. */
enum {
	MAX_DEPTH = 200,        /* of one descent */
	MAX_POSTPONED = 200,    /* where a descent stopped, and another begins */
};

/* The children of one process. */
struct process_list {
	pid_t *pids;
	size_t count;
	size_t capacity;
};

static void free_list(struct process_list *list)
{
	free(list->pids);
}

static void append(struct process_list *list, pid_t pid)
{
	if (list->count == list->capacity) {
		list->capacity = list->capacity > 0 ? list->capacity * 2 : 64;
		list->pids = memory_resize(list->pids, list->capacity, sizeof(*list->pids));
	}
	list->pids[list->count++] = pid;
}

static bool contains(const struct process_list *list, pid_t pid)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->pids[i] == pid)
			return true;
	}
	return false;
}

static void append_numbers(struct process_list *list, const char *text, size_t length)
{
	pid_t number = 0;

	for (size_t i = 0; i < length; i++) {
		if (isdigit((unsigned char)text[i])) {
			number = number * 10 + (text[i] - '0');
		} else if (number > 0) {
			append(list, number);
			number = 0;
		}
	}
}

/* A file of "PID PID ... ": the whole of it, because it can be cut anywhere. */
static int append_children_of_thread(struct process_list *list, int tasks, const char *thread)
{
	char path[NAME_MAX + 16];
	char chunk[4096];
	CLEANUP(strbuf_free) struct strbuf text = { 0 };
	CLEANUP(descriptor_close) int file = -1;
	ssize_t got;

	snprintf(path, sizeof(path), "%s/children", thread);
	file = openat(tasks, path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return -1;
	while ((got = read(file, chunk, sizeof(chunk))) > 0)
		strbuf_append(&text, chunk, (size_t)got);
	append_numbers(list, strbuf_text(&text), text.length);
	return got < 0 ? -1 : 0;
}

static void close_directory(DIR **directory)
{
	if (*directory)
		closedir(*directory);
}

/* NULL if there is no such process. */
static DIR *open_tasks(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	return opendir(path);
}

/* proc(5): each thread has its own children. */
static int append_children(struct process_list *list, pid_t pid)
{
	CLEANUP(close_directory) DIR *tasks = open_tasks(pid);
	const struct dirent *entry;
	int result = -1;

	while (tasks && (entry = readdir(tasks)) != NULL) {
		if (entry->d_name[0] != '.' && append_children_of_thread(list, dirfd(tasks), entry->d_name) == 0)
			result = 0;
	}
	return result;
}

/* One of ours. */
struct member {
	pid_t pid;
	int held;               /* a pidfd; NOT_NEEDED: its PID is its own until we reap it */
};

enum { NOT_NEEDED = -1 };

static void release(struct member *member)
{
	descriptor_close(&member->held);
}

static int send_signal(const struct member *member, int signal)
{
	if (member->held == NOT_NEEDED)
		return kill(member->pid, signal);
	return (int)syscall(SYS_pidfd_send_signal, member->held, signal, NULL, 0U);
}

/* The children; not those of a stranger that was given its PID meanwhile. */
static int list_children(struct process_list *list, const struct member *member)
{
	if (append_children(list, member->pid) < 0)
		return -1;
	return member->held == NOT_NEEDED ? 0 : send_signal(member, 0);
}

/*
 * Our own children wait for us even when they have ended.  Any other is held by a
 * pidfd before it is looked for again among the children, so that it cannot be a
 * stranger that was given its PID meanwhile.
 */
static int hold(struct member *child, const struct member *parent)
{
	CLEANUP(free_list) struct process_list again = { 0 };

	if (parent->pid == getpid())
		return 0;
	child->held = (int)syscall(SYS_pidfd_open, child->pid, 0U);
	if (child->held < 0 || list_children(&again, parent) < 0)
		return -1;
	return contains(&again, child->pid) ? 0 : -1;
}

/* Of the whole tree. */
struct walk {
	int signal;
	size_t first;           /* of the children of each, at another one in each walk */
	size_t count;
	struct member postponed[MAX_POSTPONED];
};

/* From here the walk goes on when those above are done: what holds them is not needed any more. */
static int postpone(struct walk *walk, struct member *member)
{
	if (walk->count == MAX_POSTPONED)
		return -1;
	walk->postponed[walk->count++] = *member;
	member->held = NOT_NEEDED;
	return 0;
}

/* The tree below a process, each before its own children: what it forks meanwhile is seen with them. */
static int signal_below(struct walk *walk, struct member *parent, unsigned depth)
{
	CLEANUP(free_list) struct process_list children = { 0 };
	bool failed = false;
	int count = 0;

	if (depth == MAX_DEPTH)
		return postpone(walk, parent);
	if (list_children(&children, parent) < 0)
		return -1;
	for (size_t i = 0; i < children.count; i++) {
		pid_t pid = children.pids[(i + walk->first) % children.count];
		CLEANUP(release) struct member child = { .pid = pid, .held = NOT_NEEDED };
		int below;

		if (hold(&child, parent) < 0) {
			failed = true;
			continue;
		}
		if (send_signal(&child, walk->signal) < 0)
			failed = true;
		below = signal_below(walk, &child, depth + 1);
		if (below < 0)
			failed = true;
		count += 1 + below;
	}
	return failed ? -1 : count;
}

int descendants_signal(int signal)
{
	static size_t walks;
	struct walk walk = {
		.signal = signal, .first = walks++, .count = 1,
		.postponed = { { .pid = getpid(), .held = NOT_NEEDED } },
	};
	bool failed = false;
	int count = 0;

	while (walk.count > 0) {
		CLEANUP(release) struct member root = walk.postponed[--walk.count];
		int below = signal_below(&walk, &root, 0);

		failed = failed || below < 0;
		count += below;
	}
	return failed ? -1 : count;
}

/* The letter of proc_pid_stat(5), or 0. */
static char state_of_thread(int tasks, const char *thread)
{
	char path[NAME_MAX + 16];
	char line[1024];
	const char *name_end;

	snprintf(path, sizeof(path), "%s/stat", thread);
	if (descriptor_read_small(tasks, path, line, sizeof(line)) < 0)
		return '\0';
	name_end = strrchr(line, ')');
	if (!name_end || name_end[1] != ' ')
		return '\0';
	return name_end[2];
}

/*
 * Once it was killed: a tracer has it, or the last of its threads, stopped where it
 * exits, for as long as the tracer likes.
 */
static bool is_held_by_tracer(pid_t child)
{
	CLEANUP(close_directory) DIR *tasks = open_tasks(child);
	const struct dirent *entry;
	bool held = false;

	while (tasks && (entry = readdir(tasks)) != NULL) {
		char state;

		if (entry->d_name[0] == '.')
			continue;
		state = state_of_thread(dirfd(tasks), entry->d_name);
		if (state != 't' && state != 'Z' && state != 'X')
			return false;
		held = held || state == 't';
	}
	return held;
}

static bool has_ended(pid_t child)
{
	CLEANUP(descriptor_close) int held = (int)syscall(SYS_pidfd_open, child, 0U);
	struct pollfd end = { .fd = held, .events = POLLIN };

	return held >= 0 && (poll(&end, 1, 0) == 1 || is_held_by_tracer(child));
}

bool descendants_have_ended(void)
{
	const struct member self = { .pid = getpid(), .held = NOT_NEEDED };
	CLEANUP(free_list) struct process_list children = { 0 };
	size_t ended = 0;

	if (list_children(&children, &self) < 0)
		return false;
	while (ended < children.count && has_ended(children.pids[ended]))
		ended++;
	return ended == children.count;
}
