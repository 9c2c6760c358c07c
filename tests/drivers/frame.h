#ifndef PSW_TEST_FRAME_H
#define PSW_TEST_FRAME_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

/*
 * How the parity tests hand bytes to a driver: a length in four bytes, the
 * lowest first, then that many bytes.  A driver answers each request with one
 * line and flushes it, so that the other side may wait for it.
 */

/* Returns false at the end of the input. */
static inline bool frame_read_number(uint32_t *number)
{
	unsigned char bytes[4];

	if (fread(bytes, 1, sizeof(bytes), stdin) != sizeof(bytes))
		return false;
	*number = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
	return true;
}

/* A terminated copy for the caller to free; NULL at the end of the input. */
static inline char *frame_read_bytes(uint32_t *length)
{
	char *bytes;

	if (!frame_read_number(length))
		return NULL;
	bytes = memory_allocate((size_t)*length + 1, 1);
	if (fread(bytes, 1, *length, stdin) == *length)
		return bytes;
	free(bytes);
	return NULL;
}

#endif
