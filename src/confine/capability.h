#ifndef PSW_CAPABILITY_H
#define PSW_CAPABILITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

/* A set of capabilities, one bit each: capabilities(7). */
typedef uint64_t capability_set;

/*
 * What root's commands run without unless their program is known to need it: no
 * ordinary command does.
 */
capability_set capability_dropped_by_default(void);

/* What a program is known to need of those, by its base name: insmod needs none of this list, modprobe cap_sys_module. */
capability_set capability_needed_by(const char *program);

/* Appends a set: "none", the names with commas between, or "all-" and the names that are missing, if that is shorter. */
void capability_append_set(struct strbuf *buffer, capability_set set);

#endif
