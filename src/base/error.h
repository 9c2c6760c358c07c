#ifndef PSW_ERROR_H
#define PSW_ERROR_H

#include "base/attributes.h"

/*
 * Why something failed, as one line of text for a person.  Functions below the
 * mains fill it and return; only the mains print it and exit.
 */
struct error {
	char text[1024];
};

/* Writes the text, cut at the size of the buffer.  Returns -1, so that a caller can return it. */
int error_set(struct error *error, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
