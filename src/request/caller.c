#include "request/caller.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/path.h"
#include "request/request.h"

enum { MAX_SUDO_PROCESSES = 4 };

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

/* The kernel's number of a terminal: Documentation/admin-guide/devices.txt. */
static const char *terminal_name(unsigned number, struct arena *arena)
{
	unsigned major_number = major((dev_t)number);
	unsigned minor_number = minor((dev_t)number);

	if (major_number >= 136 && major_number <= 143)
		return arena_format(arena, "pts/%u", (major_number - 136) * 256 + minor_number);
	if (major_number == 4 && minor_number < 64)
		return arena_format(arena, "tty%u", minor_number);
	if (major_number == 4)
		return arena_format(arena, "ttyS%u", minor_number - 64);
	return arena_format(arena, "%u:%u", major_number, minor_number);
}

/* The controlling terminal; /dev/tty is always it, and cannot be opened where there is none. */
static const char *controlling_terminal(struct arena *arena)
{
	CLEANUP(descriptor_close) int terminal = open("/dev/tty", O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	unsigned number;

	if (terminal < 0 || ioctl(terminal, TIOCGDEV, &number) < 0)
		return NULL;
	return terminal_name(number, arena);
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

/* The first service or scope in a control group's path: below it a service may make groups of any name. */
static const char *unit_in(const char *group, struct arena *arena)
{
	for (const char *at = group; *at;) {
		size_t length = strcspn(at, "/");

		if ((length > 8 && memcmp(at + length - 8, ".service", 8) == 0) ||
		    (length > 6 && memcmp(at + length - 6, ".scope", 6) == 0))
			return arena_copy(arena, at, length);
		at += length + strspn(at + length, "/");
	}
	return arena_string(arena, group);
}

/* In the unified hierarchy; a group's path can be as long as the page that /proc gives. */
static const char *unit_of(int pid, struct arena *arena)
{
	char path[64];
	char text[8192];
	char *group;

	snprintf(path, sizeof(path), "/proc/%d/cgroup", pid);
	if (descriptor_read_small(AT_FDCWD, path, text, sizeof(text)) < 0)
		return NULL;
	group = strstr(text, "0::/");
	if (!group || (group != text && group[-1] != '\n'))
		return NULL;
	group += strlen("0::");
	group[strcspn(group, "\n")] = '\0';
	return strcmp(group, "/") == 0 ? NULL : unit_in(group, arena);
}

/* The parent of a process, after the name in parentheses, which can hold anything: proc(5). */
static int parent_of(int pid)
{
	char path[64];
	char text[1024];
	const char *name_end;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (descriptor_read_small(AT_FDCWD, path, text, sizeof(text)) < 0)
		return 0;
	name_end = strrchr(text, ')');
	if (!name_end || strlen(name_end) < strlen(") S 1"))
		return 0;
	return (int)strtol(name_end + strlen(") S "), NULL, 10);
}

/* What the kernel writes behind the path of a program that was replaced, as by an upgrade. */
static const char deleted[] = " (deleted)";

static bool has_ending(const char *text, const char *ending)
{
	size_t length = strlen(text);

	return length >= strlen(ending) && strcmp(text + length - strlen(ending), ending) == 0;
}

static bool is_process_of(int pid, uid_t uid)
{
	char path[64];
	struct stat status;

	snprintf(path, sizeof(path), "/proc/%d", pid);
	return stat(path, &status) == 0 && status.st_uid == uid;
}

/*
 * By the program that it runs, whatever link it was called by: the name that a
 * process has is the caller's choice.  What only root can be is sudo, not another
 * program of that name.
 */
static bool is_sudo(int pid)
{
	static const char *const names[] = { "sudo", "sudo-rs", "sudo.ws" };
	char path[64];
	char program[4096];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	length = is_process_of(pid, 0) ? readlink(path, program, sizeof(program) - 1) : -1;
	if (length < 0)
		return false;
	program[length] = '\0';
	program[strlen(program) - (has_ending(program, deleted) ? strlen(deleted) : 0)] = '\0';
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
		if (strcmp(path_base_name(program), names[i]) == 0)
			return true;
	}
	return false;
}

/*
 * sudo runs up to two processes of its own between the caller and us.  Where the
 * caller has ended, or an init system started sudo itself, sudo is what is left of it.
 */
static int first_ancestor_outside_sudo(int pid)
{
	for (int i = 0; i < MAX_SUDO_PROCESSES && pid > 1 && is_sudo(pid); i++) {
		int parent = parent_of(pid);

		if (parent <= 1)
			return pid;
		pid = parent;
	}
	return pid;
}

void caller_identify_user(struct caller *caller, const char *const *environment, struct arena *arena)
{
	const char *user = request_variable(environment, "SUDO_USER");

	*caller = (struct caller){ .parent = getppid() };
	if (getuid() == 0 && read_uid(request_variable(environment, "SUDO_UID"), &caller->uid)) {
		caller->user = user ? arena_string(arena, user) : NULL;
		caller->uid_is_claim = true;
		caller->user_is_claim = caller->user != NULL;
		return;
	}
	caller->uid = getuid();
	caller->user = caller->uid == 0 ? "root" : NULL;
}

/* sudo can also have become this process: then its parent is the caller, whose uid the kernel knows. */
static void look_for_proof(struct caller *caller)
{
	if (is_sudo(caller->parent)) {
		caller->uid_is_claim = false;
		caller->user_is_claim = false;
	} else if (caller->uid_is_claim) {
		caller->uid_is_claim = !is_process_of(caller->parent, caller->uid);
	}
}

void caller_identify(struct caller *caller, const char *const *environment, struct arena *arena)
{
	caller_identify_user(caller, environment, arena);
	look_for_proof(caller);
	caller->login_uid = audit_number("/proc/self/loginuid", arena);
	caller->session = audit_number("/proc/self/sessionid", arena);
	caller->unit = unit_of(first_ancestor_outside_sudo(caller->parent), arena);
	caller->terminal = controlling_terminal(arena);
}
