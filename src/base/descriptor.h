#ifndef PSW_DESCRIPTOR_H
#define PSW_DESCRIPTOR_H

#include <stddef.h>
#include <sys/types.h>

/* For CLEANUP: closes the descriptor unless it is negative; errno is kept. */
void descriptor_close(int *descriptor);

/*
 * Reads a small file of /proc, under a page, whole: path is taken relative to
 * directory (AT_FDCWD for none).  The text is terminated.  Returns its length,
 * or -1 with errno; EFBIG when it does not fit.
 */
ssize_t descriptor_read_small(int directory, const char *path, char *text, size_t size);

#endif
