#ifndef PSW_WHEN_H
#define PSW_WHEN_H

#include <stdint.h>

#include "base/error.h"
#include "base/strbuf.h"

enum { WHEN_SECOND = 1000000 };         /* times are microseconds since 1970 */

/*
 * Reads a time as a person writes it: a date, a date and a time of day, @SECONDS,
 * "today", "yesterday", "now", or an age as "90s", "15m", "2h", "7d".  The local
 * time zone holds where none is written.  now is what ages are counted from.
 * Returns -1 with what is accepted.
 */
int when_parse(const char *text, int64_t now, int64_t *time, struct error *error) MUST_CHECK;

/* 2026-11-26T05:34:21Z */
void when_append_utc(struct strbuf *buffer, int64_t time);

/* 2026-11-26T05:34:21.123456Z */
void when_append_exact(struct strbuf *buffer, int64_t time);

/* 2026-11-26 05:34:21, in the local time zone */
void when_append_local(struct strbuf *buffer, int64_t time);

#endif
