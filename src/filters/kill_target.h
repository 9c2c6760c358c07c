#ifndef PSW_KILL_TARGET_H
#define PSW_KILL_TARGET_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/error.h"

/*
 * The process that a signal is for, held by a pidfd from before it is looked at
 * until the signal is sent, so that a reused PID cannot take its place.
 */
struct kill_target {
	pid_t pid;
	int pidfd;
	int directory;                  /* /proc/PID of that process */
	char program[PATH_MAX];         /* the kernel's text of /proc/PID/exe, less what it or a packager appends */
	bool deleted;                   /* the program's file is gone or was replaced */
	bool same_mount_namespace;      /* as ours: a path means the same file there */
	bool same_user_namespace;
	dev_t device;                   /* of the program's file */
	ino_t inode;
};

/* Where processes come from; tests put their own here. */
struct process_source {
	/* Fills *target and holds the process.  Returns -1 with the reason. */
	int (*open)(pid_t pid, struct kill_target *target, struct error *error);
};

/* /proc of the machine. */
extern const struct process_source process_source_proc;

/* Whether the process is still there and still runs the same program. */
bool kill_target_is_unchanged(const struct kill_target *target);

void kill_target_close(struct kill_target *target);

/* Removes " (deleted)", rpm's ";xxxxxxxx" and prelink's ".#prelink#.xxxxxx" at the end.  Returns whether one was. */
bool kill_target_strip_suffix(char *program);

#endif
