#include "audit/syslog_sink.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/strbuf.h"

enum { PATIENCE = 5000 };       /* milliseconds */

static const char socket_path[] = "/dev/log";

static long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

int syslog_sink_open(struct syslog_sink *sink, struct error *error)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	*sink = (struct syslog_sink){ .socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0) };
	memcpy(address.sun_path, socket_path, sizeof(socket_path));
	if (sink->socket >= 0 && connect(sink->socket, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return 0;
	sink->absent = errno == ENOENT;
	error_set(error, "%s: %s", socket_path, strerror(errno));
	syslog_sink_close(sink);
	return -1;
}

/* Waits until the daemon takes more.  Returns -1 when the time is up. */
static int wait_for_room(struct syslog_sink *sink)
{
	struct pollfd wanted = { .fd = sink->socket, .events = POLLOUT };
	long left = sink->deadline - now();

	if (left <= 0)
		return -1;
	/* The kernel does not always wake a datagram sender: look again at least every 50 ms. */
	return poll(&wanted, 1, left < 50 ? (int)left : 50) < 0 && errno != EINTR ? -1 : 0;
}

int syslog_sink_send(struct syslog_sink *sink, int facility, int severity, const char *record, size_t length,
		     struct error *error)
{
	CLEANUP(strbuf_free) struct strbuf datagram = { 0 };

	if (sink->socket < 0)
		return error_set(error, "%s: not connected", socket_path);
	if (sink->deadline == 0)
		sink->deadline = now() + PATIENCE;
	strbuf_append_format(&datagram, "<%d>privsep-wrap[%d]: ", facility | severity, (int)getpid());
	strbuf_append(&datagram, record, length);
	while (send(sink->socket, datagram.text, datagram.length, MSG_NOSIGNAL) < 0) {
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != ENOBUFS)
			return error_set(error, "%s: %s", socket_path, strerror(errno));
		if (wait_for_room(sink) < 0)
			return error_set(error, "%s: the syslog daemon does not take records", socket_path);
	}
	return 0;
}

void syslog_sink_close(struct syslog_sink *sink)
{
	descriptor_close(&sink->socket);
	sink->socket = -1;
}
