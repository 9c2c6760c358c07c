#ifndef PSW_CAPABILITY_H
#define PSW_CAPABILITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/strbuf.h"

/* A set of capabilities, one bit each: capabilities(7). */
typedef uint64_t capability_set;

#define CAPABILITY(number) ((capability_set)1 << (number))

/* Every one that the kernel has. */
capability_set capability_all(void);

/*
 * Adds a capability by its name, in any case: "cap_net_admin".  A bare number is
 * no name, and neither is one that the running kernel does not know.
 */
int capability_add_name(capability_set *set, const char *name, struct error *error) MUST_CHECK;

/* Appends a set: "none", the names with commas between, or "all-" and the names that are missing, if shorter. */
void capability_append_set(struct strbuf *buffer, capability_set set);

#endif
