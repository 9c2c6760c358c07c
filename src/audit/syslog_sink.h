#ifndef PSW_SYSLOG_SINK_H
#define PSW_SYSLOG_SINK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * Our own datagrams to /dev/log.  syslog(3) would block for ever on a daemon
 * that has stopped reading, and does not say what was lost.
 */
struct syslog_sink {
	int socket;
	bool absent;            /* there is no /dev/log at all */
	long deadline;          /* milliseconds of CLOCK_MONOTONIC; 0: nothing was sent yet */
};

/* For a sink that was never opened. */
#define SYSLOG_SINK_CLOSED { .socket = -1 }

/* Connects.  Returns -1 with the reason; a later send then fails the same way. */
int syslog_sink_open(struct syslog_sink *sink, struct error *error) MUST_CHECK;

/*
 * Sends one record with that facility and severity.  A daemon that does not take
 * it is waited for, until 5 s have passed for all records of the sink together.
 */
int syslog_sink_send(struct syslog_sink *sink, int facility, int severity, const char *record, size_t length,
		     struct error *error) MUST_CHECK;

void syslog_sink_close(struct syslog_sink *sink);

#endif
