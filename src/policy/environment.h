#ifndef PSW_ENVIRONMENT_H
#define PSW_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * Whether the dynamic loader or the C library would obey the variable before the
 * command's own code runs: LD_*, GLIBC_TUNABLES, GCONV_PATH (ld.so(8)).  Such a
 * variable is never set from what a caller passes.
 */
bool environment_is_loader_variable(const char *name, size_t length);

/* A name, or a prefix followed by "*".  Returns -1 with the reason if it cannot be kept. */
int environment_check_keep(const char *entry, struct error *error) MUST_CHECK;

/* Whether a "NAME=value" of the caller is kept by one of the entries. */
bool environment_is_kept(const char *variable, const char *const *entries, size_t count);

#endif
