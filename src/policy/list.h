#ifndef PSW_LIST_H
#define PSW_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/memory.h"

/*
 * Splits at every comma and strips blanks, tabs and newlines from both ends of
 * each part, as oslo.rootwrap does; nothing can quote a comma.  There is always
 * at least one part.  The array is NULL-terminated and lives in the arena.
 */
const char *const *list_split(const char *text, struct arena *arena, size_t *count);

/* Whether a word is in a NULL-terminated list. */
bool list_holds(const char *const *list, const char *word);

#endif
