#ifndef PSW_READ_FILE_H
#define PSW_READ_FILE_H

#include "base/error.h"
#include "match/guard.h"

/*
 * What a ReadFileFilter allows, without starting cat(1): copies the file to
 * standard output.  Links are followed only where none but root can have put
 * them; below a directory that others can write to, or that another request may
 * give away, none is, and ".." and a file with several links are refused there.
 * Returns cat's exit status: 0, or 1 with the reason.
 */
int read_file_to_output(const char *path, const struct guard_bases *bases, struct error *error);

#endif
