#include "request/caller.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/path.h"
#include "request/request.h"

enum { MAX_SUDO_PROCESSES = 4 };

/* The fields of /proc/PID/stat that we use: proc(5). */
struct process_stat {
	char name[64];
	int parent;
	int terminal;
};

/* Reads a decimal uid.  Returns false for anything else: sudo writes nothing else. */
static bool read_uid(const char *text, uid_t *uid)
{
	unsigned long value;
	char *end;

	if (!text || *text < '0' || *text > '9')
		return false;
	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno != 0 || *end != '\0' || value >= (uid_t)-1)
		return false;
	*uid = (uid_t)value;
	return true;
}

/* After the name: state, parent, process group, session, terminal. */
static bool read_stat_numbers(const char *text, struct process_stat *stat)
{
	long numbers[4];
	char *end;

	text += strspn(text, " ");
	if (*text == '\0')
		return false;
	text++;
	for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++) {
		numbers[i] = strtol(text, &end, 10);
		if (end == text)
			return false;
		text = end;
	}
	stat->parent = (int)numbers[0];
	stat->terminal = (int)numbers[3];
	return true;
}

static bool read_stat(const char *path, struct process_stat *stat)
{
	char text[1024];
	const char *open;
	const char *close;

	if (descriptor_read_small(AT_FDCWD, path, text, sizeof(text)) < 0)
		return false;
	open = strchr(text, '(');
	close = strrchr(text, ')'); /* the name itself can hold anything */
	if (!open || !close || close < open || (size_t)(close - open) > sizeof(stat->name))
		return false;
	memcpy(stat->name, open + 1, (size_t)(close - open - 1));
	stat->name[close - open - 1] = '\0';
	return read_stat_numbers(close + 1, stat);
}

/* The kernel's number of a terminal: Documentation/admin-guide/devices.txt. */
static const char *terminal_name(int number, struct arena *arena)
{
	unsigned major_number = major((dev_t)(unsigned)number);
	unsigned minor_number = minor((dev_t)(unsigned)number);

	if (number == 0)
		return NULL;
	if (major_number >= 136 && major_number <= 143)
		return arena_format(arena, "pts/%u", (major_number - 136) * 256 + minor_number);
	if (major_number == 4 && minor_number < 64)
		return arena_format(arena, "tty%u", minor_number);
	if (major_number == 4)
		return arena_format(arena, "ttyS%u", minor_number - 64);
	return arena_format(arena, "%u:%u", major_number, minor_number);
}

/* A number of the audit subsystem; (unsigned)-1 is its "not set". */
static const char *audit_number(const char *path, struct arena *arena)
{
	char text[32];
	ssize_t length = descriptor_read_small(AT_FDCWD, path, text, sizeof(text));

	if (length <= 0 || strcmp(text, "4294967295") == 0)
		return NULL;
	return arena_string(arena, text);
}

/* The last service or scope in the unified hierarchy's path, else the path. */
static const char *unit_of(int pid, struct arena *arena)
{
	char path[64];
	char text[4096];
	char *group;

	snprintf(path, sizeof(path), "/proc/%d/cgroup", pid);
	if (descriptor_read_small(AT_FDCWD, path, text, sizeof(text)) < 0)
		return NULL;
	group = strstr(text, "0::/");
	if (!group || (group != text && group[-1] != '\n'))
		return NULL;
	group += strlen("0::");
	group[strcspn(group, "\n")] = '\0';
	if (strcmp(group, "/") == 0)
		return NULL;
	return arena_string(arena, strstr(group, ".service") || strstr(group, ".scope") ? path_base_name(group) : group);
}

/* sudo runs up to two processes of its own between the caller and us. */
static int first_ancestor_outside_sudo(int pid)
{
	for (int i = 0; i < MAX_SUDO_PROCESSES && pid > 1; i++) {
		char path[64];
		struct process_stat stat;

		snprintf(path, sizeof(path), "/proc/%d/stat", pid);
		if (!read_stat(path, &stat) || strcmp(stat.name, "sudo") != 0)
			return pid;
		pid = stat.parent;
	}
	return pid;
}

void caller_identify_user(struct caller *caller, const char *const *environment, struct arena *arena)
{
	const char *user = request_variable(environment, "SUDO_USER");

	*caller = (struct caller){ .parent = getppid() };
	if (read_uid(request_variable(environment, "SUDO_UID"), &caller->uid)) {
		caller->user = user ? arena_string(arena, user) : NULL;
		return;
	}
	caller->uid = getuid();
	caller->user = caller->uid == 0 ? "root" : NULL;
}

void caller_identify(struct caller *caller, const char *const *environment, struct arena *arena)
{
	struct process_stat stat;

	caller_identify_user(caller, environment, arena);
	caller->login_uid = audit_number("/proc/self/loginuid", arena);
	caller->session = audit_number("/proc/self/sessionid", arena);
	caller->unit = unit_of(first_ancestor_outside_sudo(caller->parent), arena);
	if (read_stat("/proc/self/stat", &stat))
		caller->terminal = terminal_name(stat.terminal, arena);
}
