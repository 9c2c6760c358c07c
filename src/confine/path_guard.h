#ifndef PSW_PATH_GUARD_H
#define PSW_PATH_GUARD_H

#include "base/error.h"
#include "match/guard.h"

/*
 * Gives the process a mount namespace of its own in which each directory of the
 * list is mounted over itself so that no symbolic link below it is followed, by
 * any program, recursion included (MOUNT_ATTR_NOSYMFOLLOW, Linux 5.14).  Mounts of
 * the host still arrive, but not below a guard; what is mounted in here stays in
 * here.  Needs CAP_SYS_ADMIN.  Returns -1 if anything is not as it must be.
 */
int path_guard_enter(const struct guard_list *guards, struct error *error) MUST_CHECK;

#endif
