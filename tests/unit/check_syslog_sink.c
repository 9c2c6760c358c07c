#include "audit/syslog_sink.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <syslog.h>

#include "dev_log.h"

static struct syslog_sink sink;
static int daemons_end;
static struct error error;

static void connect_pair(void)
{
	sink = (struct syslog_sink)SYSLOG_SINK_CLOSED;
	dev_log_pair(&sink.socket, &daemons_end);
	error.text[0] = '\0';
}

static void close_pair(void)
{
	syslog_sink_close(&sink);
	close(daemons_end);
}

static int send_text(const char *text)
{
	return syslog_sink_send(&sink, LOG_AUTHPRIV, LOG_INFO, text, strlen(text), &error);
}

static const struct {
	int facility;
	int severity;
	int priority;
} priorities[] = {
	{ LOG_AUTHPRIV, LOG_INFO, 86 },   { LOG_AUTHPRIV, LOG_NOTICE, 85 }, { LOG_AUTHPRIV, LOG_ERR, 83 },
	{ LOG_KERN, LOG_EMERG, 0 },       { LOG_LOCAL7, LOG_DEBUG, 191 },   { LOG_AUTH, LOG_INFO, 38 },
};

START_TEST(datagram_has_priority_name_and_pid)
{
	char wanted[128];

	snprintf(wanted, sizeof(wanted), "<%d>privsep-wrap[%d]: deny x", priorities[_i].priority, (int)getpid());
	ck_assert_int_eq(syslog_sink_send(&sink, priorities[_i].facility, priorities[_i].severity, "deny x",
					  6, &error),
			 0);
	ck_assert_str_eq(dev_log_receive(daemons_end), wanted);
	ck_assert_str_eq(dev_log_receive(daemons_end), "");
}
END_TEST

START_TEST(record_is_sent_as_it_is)
{
	char record[4096];

	memset(record, '%', sizeof(record)); /* no format */
	ck_assert_int_eq(syslog_sink_send(&sink, LOG_AUTHPRIV, LOG_INFO, record, 2048, &error), 0);
	ck_assert_mem_eq(strstr(dev_log_receive(daemons_end), ": ") + 2, record, 2048);
	ck_assert_int_eq(syslog_sink_send(&sink, LOG_AUTHPRIV, LOG_INFO, "abcdef", 3, &error), 0);
	ck_assert_str_eq(strstr(dev_log_receive(daemons_end), ": ") + 2, "abc");
}
END_TEST

START_TEST(record_that_fits_no_datagram_is_told)
{
	static const char huge[1 << 20];

	ck_assert_int_eq(syslog_sink_send(&sink, LOG_AUTHPRIV, LOG_INFO, huge, sizeof(huge), &error), -1);
	assert_contains(error.text, strerror(EMSGSIZE));
}
END_TEST

/* Sends until the daemon's queue is full, as another sender would.  Returns how many it holds. */
static int fill_queue(void)
{
	int count = 0;

	while (send(sink.socket, "full", 4, MSG_DONTWAIT) == 4)
		count++;
	ck_assert_int_eq(errno, EAGAIN);
	return count;
}

/* Once it sleeps, in poll(2): it may not get so far at once. */
static void await_sleep(pid_t pid)
{
	char path[64];
	char line[512];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	do {
		usleep(1000);
		file = fopen(path, "r");
		if (!file || !fgets(line, sizeof(line), file))
			_exit(2);
		fclose(file);
	} while (!strstr(line, ") S "));
}

static void read_all_after(unsigned microseconds)
{
	if (fork() != 0)
		return;
	await_sleep(getppid());
	usleep(microseconds);
	while (dev_log_receive(daemons_end)[0] != '\0')
		;
	_exit(0);
}

START_TEST(slow_daemon_is_waited_for)
{
	fill_queue();
	read_all_after(100000);
	ck_assert_msg(send_text("x") == 0, "%s", error.text);
	ck_assert_int_lt(sink.patience, SYSLOG_SINK_PATIENCE);
}
END_TEST

static void do_nothing(int number)
{
	(void)number;
}

START_TEST(signal_does_not_end_the_wait)
{
	const struct sigaction action = { .sa_handler = do_nothing };
	const struct itimerval often = { .it_interval = { .tv_usec = 3000 }, .it_value = { .tv_usec = 3000 } };

	fill_queue();
	read_all_after(100000);
	ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
	ck_assert_int_eq(setitimer(ITIMER_REAL, &often, NULL), 0);
	ck_assert_msg(send_text("x") == 0, "%s", error.text);
}
END_TEST

/* Five seconds of waiting for all records together; what has room costs none of them. */
START_TEST(patience_is_for_all_records_together)
{
	long left;

	ck_assert_int_eq(send_text("x"), 0);
	ck_assert_int_eq(sink.patience, SYSLOG_SINK_PATIENCE);
	fill_queue();
	sink.patience = 120;
	read_all_after(60000);
	(void)(send_text("y") == 0);
	left = sink.patience;
	ck_assert_int_lt(left, 120);
	sink.patience = SYSLOG_SINK_PATIENCE;
}
END_TEST

START_TEST(stopped_daemon_is_given_up)
{
	fill_queue();
	sink.patience = 150;
	ck_assert_int_eq(send_text("x"), -1);
	ck_assert_str_eq(error.text, "/dev/log: the syslog daemon does not take records");
	ck_assert_int_le(sink.patience, 0);
}
END_TEST

START_TEST(spent_patience_stops_no_record_that_has_room)
{
	sink.patience = 0;
	ck_assert_int_eq(send_text("x"), 0);
}
END_TEST

static void open_log(void)
{
	error.text[0] = '\0';
	sink = (struct syslog_sink)SYSLOG_SINK_CLOSED;
}

START_TEST(sink_connects_to_the_log)
{
	int log;

	dev_log_make_empty();
	log = dev_log_bind(SOCK_DGRAM);
	open_log();
	ck_assert_msg(syslog_sink_open(&sink, &error) == 0, "%s", error.text);
	ck_assert(!sink.absent);
	ck_assert_int_ne(fcntl(sink.socket, F_GETFD) & FD_CLOEXEC, 0);
	ck_assert_int_ne(fcntl(sink.socket, F_GETFL) & O_NONBLOCK, 0);
	ck_assert_int_eq(send_text("allow x"), 0);
	assert_contains(dev_log_receive(log), "]: allow x");
	syslog_sink_close(&sink);
}
END_TEST

static void make_nothing(void)
{
}

static void make_file(void)
{
	close(open("/dev/log", O_WRONLY | O_CREAT, 0666));
}

static void make_dead_socket(void)
{
	close(dev_log_bind(SOCK_DGRAM));
}

static void make_dangling_link(void)
{
	ck_assert_int_eq(symlink("/dev/nothing", "/dev/log"), 0);
}

static const struct {
	void (*make)(void);
	int error_number;
	bool absent;
} unusable[] = {
	{ make_nothing, ENOENT, true },
	{ make_dangling_link, ENOENT, true },
	{ make_file, ECONNREFUSED, false },
	{ make_dead_socket, ECONNREFUSED, false },
};

START_TEST(log_that_cannot_be_used_is_told)
{
	dev_log_make_empty();
	unusable[_i].make();
	open_log();
	ck_assert_int_eq(syslog_sink_open(&sink, &error), -1);
	assert_contains(error.text, "/dev/log: ");
	assert_contains(error.text, strerror(unusable[_i].error_number));
	ck_assert_int_eq(sink.absent, unusable[_i].absent);
	ck_assert_int_eq(sink.socket, -1);
	ck_assert_int_eq(send_text("x"), -1);
}
END_TEST

/* Whoever is there when a record is sent gets it. */
START_TEST(record_is_sent_to_who_is_there_now)
{
	int log;

	dev_log_make_empty();
	open_log();
	ck_assert_int_eq(send_text("early"), -1);
	ck_assert(sink.absent);
	log = dev_log_bind(SOCK_DGRAM);
	ck_assert_msg(send_text("first") == 0, "%s", error.text);
	assert_contains(dev_log_receive(log), "]: first");
	close(log);
	ck_assert_int_eq(send_text("nobody"), -1);
	assert_contains(error.text, strerror(ECONNREFUSED));
	unlink("/dev/log");
	log = dev_log_bind(SOCK_DGRAM);
	ck_assert_msg(send_text("second") == 0, "%s", error.text);
	close(log);
	unlink("/dev/log");
	log = dev_log_bind(SOCK_DGRAM); /* the daemon was started anew, the connection still leads to the old one */
	ck_assert_msg(send_text("third") == 0, "%s", error.text);
	assert_contains(dev_log_receive(log), "]: third");
	syslog_sink_close(&sink);
}
END_TEST

START_TEST(closed_sink_holds_no_descriptor)
{
	int before;

	dev_log_make_empty();
	dev_log_bind(SOCK_DGRAM);
	open_log();
	ck_assert_int_eq(syslog_sink_open(&sink, &error), 0);
	before = sink.socket;
	syslog_sink_close(&sink);
	ck_assert_int_eq(fcntl(before, F_GETFD), -1);
	ck_assert_int_eq(sink.socket, -1);
	syslog_sink_close(&sink);
}
END_TEST

START_TEST(stream_gets_messages_that_end_with_nul)
{
	char got[256];
	int log;
	int taken;
	ssize_t length;

	dev_log_make_empty();
	log = dev_log_bind(SOCK_STREAM);
	open_log();
	ck_assert_msg(send_text("allow x") == 0, "%s", error.text);
	ck_assert_msg(send_text("more y") == 0, "%s", error.text);
	taken = accept(log, NULL, NULL);
	ck_assert_int_ge(taken, 0);
	length = recv(taken, got, sizeof(got), MSG_DONTWAIT);
	ck_assert_int_gt(length, 0);
	ck_assert_int_eq(got[length - 1], '\0');
	assert_contains(got, "]: allow x");
	assert_contains(got + strlen(got) + 1, "]: more y");
	close(taken);
	ck_assert_msg(send_text("again") == 0, "%s", error.text);
	taken = accept(log, NULL, NULL);
	ck_assert_int_gt(recv(taken, got, sizeof(got), MSG_DONTWAIT), 0);
	assert_contains(got, "]: again");
}
END_TEST

/* Half a message is never gone on with: the next one begins on a connection of its own. */
START_TEST(stream_that_is_not_read_is_given_up)
{
	static char big[1 << 20];
	char got[256];
	int log;

	memset(big, 'x', sizeof(big) - 1);
	dev_log_make_empty();
	log = dev_log_bind(SOCK_STREAM);
	open_log();
	sink.patience = 100;
	ck_assert_int_eq(send_text(big), -1);
	ck_assert_str_eq(error.text, "/dev/log: the syslog daemon does not take records");
	ck_assert_int_eq(sink.socket, -1);
	sink.patience = SYSLOG_SINK_PATIENCE;
	ck_assert_msg(send_text("whole") == 0, "%s", error.text);
	ck_assert_int_ge(accept(log, NULL, NULL), 0);
	ck_assert_int_gt(recv(accept(log, NULL, NULL), got, sizeof(got), MSG_DONTWAIT), 0);
	assert_contains(got, "]: whole");
}
END_TEST

START_TEST(stream_that_accepts_nobody_is_given_up)
{
	struct syslog_sink others[8];
	int result = 0;

	dev_log_make_empty();
	dev_log_bind(SOCK_STREAM);
	for (size_t i = 0; i < ARRAY_LENGTH(others) && result == 0; i++) {
		others[i] = (struct syslog_sink)SYSLOG_SINK_CLOSED;
		others[i].patience = 100;
		result = syslog_sink_open(&others[i], &error);
	}
	ck_assert_int_eq(result, -1);
	ck_assert_str_eq(error.text, "/dev/log: the syslog daemon does not take records");
}
END_TEST

static void fill(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, connect_pair, close_pair);
	add_table_test(tcase, datagram_has_priority_name_and_pid, priorities);
	tcase_add_test(tcase, record_is_sent_as_it_is);
	tcase_add_test(tcase, record_that_fits_no_datagram_is_told);
	tcase_add_test(tcase, slow_daemon_is_waited_for);
	tcase_add_test(tcase, signal_does_not_end_the_wait);
	tcase_add_test(tcase, patience_is_for_all_records_together);
	tcase_add_test(tcase, stopped_daemon_is_given_up);
	tcase_add_test(tcase, spent_patience_stops_no_record_that_has_room);
}

static void fill_dev_log(TCase *tcase)
{
	tcase_add_test(tcase, sink_connects_to_the_log);
	tcase_add_test(tcase, record_is_sent_to_who_is_there_now);
	tcase_add_test(tcase, closed_sink_holds_no_descriptor);
	tcase_add_test(tcase, stream_gets_messages_that_end_with_nul);
	tcase_add_test(tcase, stream_that_is_not_read_is_given_up);
	tcase_add_test(tcase, stream_that_accepts_nobody_is_given_up);
	add_table_test(tcase, log_that_cannot_be_used_is_told, unusable);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("syslog sink");

	suite_add(suite, "sending", fill);
	suite_add_for_root(suite, "/dev/log", fill_dev_log);
	return suite;
}

SUITE_MAIN(make_suite)
