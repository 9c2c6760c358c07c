#ifndef PSW_MEMORY_H
#define PSW_MEMORY_H

#include <stddef.h>

#include "base/attributes.h"

/*
 * Memory that is never NULL: when there is none, the process ends with
 * EXIT_NOT_CONFINED and nothing runs.  This is the one place below the mains
 * that ends the process.
 */

/* Zeroed memory; the caller frees it with free(). */
void *memory_allocate(size_t count, size_t size);

/* As reallocarray(3); new space is not zeroed. */
void *memory_resize(void *old, size_t count, size_t size);

/*
 * An arena hands out memory that lives until the whole arena is freed: a policy
 * and everything in it, or a decision.  Zero-initialised is empty and ready.
 */
struct arena {
	struct arena_block *blocks;
};

/* Zeroed, aligned for any type. */
void *arena_allocate(struct arena *arena, size_t count, size_t size);

/* A terminated copy of length bytes. */
char *arena_copy(struct arena *arena, const char *bytes, size_t length);

char *arena_string(struct arena *arena, const char *string);

char *arena_format(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

void arena_free(struct arena *arena);

#endif
