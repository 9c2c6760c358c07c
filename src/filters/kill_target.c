#include "filters/kill_target.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/descriptor.h"

/* glibc 2.36 is the first to have these. */
static int open_pidfd(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0U);
}

static bool is_alive(int pidfd)
{
	return syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0U) == 0 || errno == EPERM;
}

static bool is_hex(const char *text, size_t length)
{
	return strlen(text) == length && strspn(text, "0123456789abcdefABCDEF") == length;
}

static bool ends_with_name_of_replaced_file(char *program)
{
	static const char prelink[] = ".#prelink#.";
	char *mark = strrchr(program, ';');
	char *dots = strstr(program, prelink);

	if (mark && is_hex(mark + 1, 8)) {
		*mark = '\0';
		return true;
	}
	if (dots && strlen(dots) == sizeof(prelink) - 1 + 6 && !strchr(dots, '/')) {
		*dots = '\0';
		return true;
	}
	return false;
}

bool kill_target_strip_suffix(char *program)
{
	static const char deleted[] = " (deleted)";
	size_t length = strlen(program);
	bool stripped = false;

	if (length > sizeof(deleted) - 1 && strcmp(program + length - (sizeof(deleted) - 1), deleted) == 0) {
		program[length - (sizeof(deleted) - 1)] = '\0';
		stripped = true;
	}
	return ends_with_name_of_replaced_file(program) || stripped;
}

/* Whether the namespace of the process is ours. */
static bool same_namespace(int directory, const char *name)
{
	char path[64];
	struct stat theirs;
	struct stat ours;

	snprintf(path, sizeof(path), "ns/%s", name);
	if (fstatat(directory, path, &theirs, 0) < 0)
		return false;
	snprintf(path, sizeof(path), "/proc/self/ns/%s", name);
	return stat(path, &ours) == 0 && ours.st_ino == theirs.st_ino && ours.st_dev == theirs.st_dev;
}

static int read_program(int directory, char program[static PATH_MAX])
{
	ssize_t length = readlinkat(directory, "exe", program, PATH_MAX - 1);

	if (length < 0)
		return -1;
	program[length] = '\0';
	return 0;
}

/* Whether the real, effective and saved user ID of a status file's "Uid:" line are one. */
static bool has_single_uid(const char *line)
{
	unsigned long uids[3];

	for (size_t i = 0; i < ARRAY_LENGTH(uids); i++) {
		char *end;

		uids[i] = strtoul(line, &end, 10);
		if (end == line)
			return false;
		line = end;
	}
	return uids[0] == uids[1] && uids[0] == uids[2];
}

/* A set-user-ID program in the middle of its work may be more than what its file says. */
static int check_single_uid(int directory, struct error *error)
{
	static const char key[] = "\nUid:";
	char status[4096];
	const char *line;

	if (descriptor_read_small(directory, "status", status, sizeof(status)) < 0)
		return error_set(error, "the process cannot be looked at: %s", strerror(errno));
	line = strstr(status, key);
	if (!line || !has_single_uid(line + sizeof(key) - 1))
		return error_set(error, "the process has several user IDs");
	return 0;
}

static int look_at(struct kill_target *target, struct error *error)
{
	char path[64];
	struct stat status;

	snprintf(path, sizeof(path), "/proc/%d", (int)target->pid);
	target->directory = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (target->directory < 0 || read_program(target->directory, target->program) < 0 ||
	    fstatat(target->directory, "exe", &status, 0) < 0)
		return error_set(error, "the process cannot be looked at: %s", strerror(errno));
	target->device = status.st_dev;
	target->inode = status.st_ino;
	target->deleted = kill_target_strip_suffix(target->program);
	target->same_mount_namespace = same_namespace(target->directory, "mnt");
	target->same_user_namespace = same_namespace(target->directory, "user");
	if (check_single_uid(target->directory, error) < 0)
		return -1;
	/* Only if it lives on was the directory opened after it that of the process that the pidfd holds. */
	if (!is_alive(target->pidfd))
		return error_set(error, "the process has ended");
	return 0;
}

static int open_process(pid_t pid, struct kill_target *target, struct error *error)
{
	*target = (struct kill_target){ .pid = pid, .pidfd = open_pidfd(pid), .directory = -1 };
	if (target->pidfd < 0)
		return error_set(error, "there is no such process");
	if (look_at(target, error) == 0)
		return 0;
	kill_target_close(target);
	return -1;
}

const struct process_source process_source_proc = { .open = open_process };

bool kill_target_is_unchanged(const struct kill_target *target)
{
	char program[PATH_MAX];
	struct stat status;

	if (read_program(target->directory, program) < 0 || fstatat(target->directory, "exe", &status, 0) < 0)
		return false;
	kill_target_strip_suffix(program);
	return strcmp(program, target->program) == 0 && status.st_dev == target->device &&
	       status.st_ino == target->inode && is_alive(target->pidfd);
}

void kill_target_close(struct kill_target *target)
{
	descriptor_close(&target->pidfd);
	descriptor_close(&target->directory);
	target->pidfd = -1;
	target->directory = -1;
}
