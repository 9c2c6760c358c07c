#include "execute/descendants.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/attributes.h"
#include "base/descriptor.h"
#include "base/memory.h"

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

/* proc(5): the children of each thread; ours and most others have one. */
static int append_children(struct process_list *list, pid_t pid)
{
	char path[64];
	char text[4096];
	CLEANUP(descriptor_close) int file = -1;
	pid_t number = 0;
	ssize_t got;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid, (int)pid);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return -1;
	while ((got = read(file, text, sizeof(text))) > 0) {
		for (ssize_t i = 0; i < got; i++) {
			if (isdigit((unsigned char)text[i])) {
				number = number * 10 + (text[i] - '0');
			} else if (number > 0) {
				append(list, number);
				number = 0;
			}
		}
	}
	return got < 0 ? -1 : 0;
}

int descendants_signal(int signal)
{
	CLEANUP(free_list) struct process_list list = { 0 };

	if (append_children(&list, getpid()) < 0)
		return -1;
	for (size_t i = 0; i < list.count; i++) {
		kill(list.pids[i], signal); /* ours or our children's: the PID cannot be reused before it is reaped */
		append_children(&list, list.pids[i]);
	}
	return (int)list.count;
}
