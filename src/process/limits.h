#ifndef PSW_LIMITS_H
#define PSW_LIMITS_H

#include "base/error.h"

/*
 * Raises what the caller may have lowered to make a command fail half-way: file
 * size, CPU time, address space and the like, to the limits of PID 1.  No core
 * files; a stack of 8 MiB.
 */
int limits_reset(struct error *error) MUST_CHECK;

/* RLIMIT_NOFILE: soft exactly count, hard at least that. */
int limits_set_files(unsigned long count, struct error *error) MUST_CHECK;

#endif
