#ifndef PSW_TIMESTAMP_H
#define PSW_TIMESTAMP_H

#include <stddef.h>
#include <stdint.h>

/*
 * Reads the time that a line of a log begins with:
 *
 *	Nov 26 05:34:21                      local time; of the last year in which it is at most a day after now
 *	2026-11-26T05:34:21.123456+01:00     also +0100, Z or, for local time, nothing; also "," for "."
 *	Thu 2026-11-26 05:34:21 UTC          local time with any other zone, as journalctl writes it
 *
 * all with or without a fraction.  Returns the bytes it takes, 0 where there is
 * none; *time is in microseconds since 1970, as now is.
 */
size_t timestamp_read(const char *text, int64_t now, int64_t *time);

#endif
