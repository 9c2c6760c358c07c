#ifndef PSW_SYSLOG_SINK_H
#define PSW_SYSLOG_SINK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * Our own messages to /dev/log.  syslog(3) would block for ever on a daemon that
 * has stopped reading, and does not say what was lost.
 */
struct syslog_sink {
	int socket;
	bool is_stream;         /* messages end with a NUL, as syslog(3) ends them there */
	bool absent;            /* there is no /dev/log at all */
	long patience;          /* milliseconds that are left for waiting */
};

enum { SYSLOG_SINK_PATIENCE = 5000 };

/* For a sink that was never opened. */
#define SYSLOG_SINK_CLOSED { .socket = -1, .patience = SYSLOG_SINK_PATIENCE }

/* Connects, to a datagram or a stream socket.  Returns -1 with the reason; a later send then tries again. */
int syslog_sink_open(struct syslog_sink *sink, struct error *error) MUST_CHECK;

/*
 * Sends one record with that facility and severity, over a new connection if the
 * daemon has been started anew meanwhile.  A daemon that does not take it is waited
 * for, until the patience for all records of the sink together has run out.
 */
int syslog_sink_send(struct syslog_sink *sink, int facility, int severity, const char *record, size_t length,
		     struct error *error) MUST_CHECK;

void syslog_sink_close(struct syslog_sink *sink);

#endif
