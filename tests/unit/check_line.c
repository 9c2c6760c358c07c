#include "report/line.h"

#include <time.h>

#include "suite.h"

#define RECORD "exit id=77aa01d2c3f4 filter=ip status=0 signal=- ms=6"
#define TIMED(time) "{\"time\":" time ",\"record\":\"exit\",\"id\":\"1\"}"
#define JSON_RECORD "@cee: {\"record\":\"exit\"}"

enum { FIVE = 1795671261 }; /* 2026-11-26 05:34:21 UTC */

#define MICROSECONDS(seconds, fraction) ((seconds) * INT64_C(1000000) + (fraction))

static const struct entry_clock the_clock = { .now = MICROSECONDS(FIVE, 0) };

static struct arena arena;

static void setup(void)
{
	setenv("TZ", "UTC0", 1);
	tzset();
}

static void teardown(void)
{
	arena_free(&arena);
}

static const struct {
	const char *text;
	const char *message;
	int64_t time;
} ours[] = {
	/* nothing around it: journalctl -o cat */
	{ RECORD, RECORD, ENTRY_NO_TIME },
	{ RECORD "\r", RECORD, ENTRY_NO_TIME },
	{ JSON_RECORD, JSON_RECORD, ENTRY_NO_TIME },
	{ "allow id=", "allow id=", ENTRY_NO_TIME },
	{ "deny id=1", "deny id=1", ENTRY_NO_TIME },
	{ "error id=1", "error id=1", ENTRY_NO_TIME },
	{ "more id=1", "more id=1", ENTRY_NO_TIME },
	/* as it is sent */
	{ "<86>privsep-wrap[12]: " RECORD, RECORD, ENTRY_NO_TIME },
	{ "privsep-wrap[12]: " RECORD, RECORD, ENTRY_NO_TIME },
	{ "privsep-wrap: " RECORD, RECORD, ENTRY_NO_TIME },
	{ "<86>Nov 26 05:34:21 privsep-wrap[12]: " RECORD, RECORD, MICROSECONDS(FIVE, 0) },
	/* rsyslog's traditional file format, journalctl -o short */
	{ "Nov 26 05:34:21 host privsep-wrap[12]: " RECORD, RECORD, MICROSECONDS(FIVE, 0) },
	{ "Nov 26 05:34:21 host privsep-wrap[12]:  " RECORD " ", RECORD, MICROSECONDS(FIVE, 0) },
	{ "Nov 26 05:34:21 host privsep-wrap[12]:" RECORD, RECORD, MICROSECONDS(FIVE, 0) },
	{ "Nov 26 05:34:21 host privsep-wrap[12]: " JSON_RECORD, JSON_RECORD, MICROSECONDS(FIVE, 0) },
	{ "Nov 26 05:34:21 host.example.org privsep-wrap[12]: " RECORD, RECORD, MICROSECONDS(FIVE, 0) },
	{ "Nov 26 05:34:21 fe80::1 privsep-wrap[12]: " RECORD, RECORD, MICROSECONDS(FIVE, 0) },
	/* -o short-precise, short-full */
	{ "Nov 26 05:34:21.000042 host privsep-wrap[12]: " RECORD, RECORD, MICROSECONDS(FIVE, 42) },
	{ "Thu 2026-11-26 05:34:21 UTC host privsep-wrap[12]: " RECORD, RECORD, MICROSECONDS(FIVE, 0) },
	/* -o short-iso, rsyslog's file format, audit_file */
	{ "2026-11-26T05:34:21+0000 host privsep-wrap[12]: " RECORD, RECORD, MICROSECONDS(FIVE, 0) },
	{ "2026-11-26T06:34:21.000042+01:00 host privsep-wrap[12]: " RECORD, RECORD, MICROSECONDS(FIVE, 42) },
	{ "2026-11-26T05:34:21.123456Z host privsep-wrap[12]: " RECORD, RECORD, MICROSECONDS(FIVE, 123456) },
	/* whatever it is, it says that it is ours */
	{ "Nov 26 05:34:21 host privsep-wrap[12]: hello", "hello", MICROSECONDS(FIVE, 0) },
	{ "Nov 26 05:34:21 host privsep-wrap[12]:", "", MICROSECONDS(FIVE, 0) },
	/* a log has parsed the record */
	{ "{ \"record\": \"exit\", \"id\": \"1\" }\r", "{ \"record\": \"exit\", \"id\": \"1\" }", ENTRY_NO_TIME },
	/* and put the time beside it */
	{ TIMED("\"2026-11-26T06:34:21.000042+01:00\""), TIMED("\"2026-11-26T06:34:21.000042+01:00\""),
	  MICROSECONDS(FIVE, 42) },
	{ TIMED("\"2026-11-26T05:34:21Z\""), TIMED("\"2026-11-26T05:34:21Z\""), MICROSECONDS(FIVE, 0) },
	{ TIMED("\"2026-11-26T05:34:21Z \""), TIMED("\"2026-11-26T05:34:21Z \""), ENTRY_NO_TIME },
	{ TIMED("\"Nov 26 05:34:21\""), TIMED("\"Nov 26 05:34:21\""), ENTRY_NO_TIME },
	{ TIMED("\"Thu 2026-11-26 05:34:21 UTC\""), TIMED("\"Thu 2026-11-26 05:34:21 UTC\""), ENTRY_NO_TIME },
	{ TIMED("\"\""), TIMED("\"\""), ENTRY_NO_TIME },
	{ TIMED("1795671261"), TIMED("1795671261"), ENTRY_NO_TIME },
	{ TIMED("null"), TIMED("null"), ENTRY_NO_TIME },
	/* journalctl -o json */
	{ "{\"SYSLOG_IDENTIFIER\":\"privsep-wrap\",\"MESSAGE\":\"" RECORD "\","
	  "\"__REALTIME_TIMESTAMP\":\"1795671261000042\",\"_PID\":\"12\"}",
	  RECORD, MICROSECONDS(FIVE, 42) },
	{ "{\"MESSAGE\":\"" RECORD " \"}", RECORD, ENTRY_NO_TIME },
	{ "{\"MESSAGE\":\"@cee: {\\\"record\\\":\\\"exit\\\"}\",\"SYSLOG_IDENTIFIER\":\"privsep-wrap\"}", JSON_RECORD,
	  ENTRY_NO_TIME },
	{ "{\"MESSAGE\":[101,120,105,116,255,32],\"SYSLOG_IDENTIFIER\":\"privsep-wrap\"}", "exit\xff", ENTRY_NO_TIME },
	{ "{\"MESSAGE\":[],\"SYSLOG_IDENTIFIER\":\"privsep-wrap\"}", "", ENTRY_NO_TIME },
	{ "{\"MESSAGE\":\"x\",\"SYSLOG_IDENTIFIER\":\"privsep-wrap\",\"__REALTIME_TIMESTAMP\":\"\"}", "x",
	  ENTRY_NO_TIME },
	{ "{\"MESSAGE\":\"x\",\"SYSLOG_IDENTIFIER\":\"privsep-wrap\",\"__REALTIME_TIMESTAMP\":12}", "x",
	  ENTRY_NO_TIME },
	{ "{\"MESSAGE\":\"x\",\"SYSLOG_IDENTIFIER\":\"privsep-wrap\",\"__REALTIME_TIMESTAMP\":\"1x\"}", "x",
	  ENTRY_NO_TIME },
	{ "{\"MESSAGE\":\"x\",\"SYSLOG_IDENTIFIER\":\"privsep-wrap\","
	  "\"__REALTIME_TIMESTAMP\":\"9223372036854775808\"}",
	  "x", ENTRY_NO_TIME },
};

static enum entry_result read_text(const char *text, struct line *line)
{
	return line_read(text, strlen(text), &the_clock, &arena, line);
}

START_TEST(takes_the_message_out)
{
	struct line line;

	ck_assert_int_eq(read_text(ours[_i].text, &line), ENTRY_RECORD);
	ck_assert_str_eq(line.message, ours[_i].message);
	ck_assert_int_eq(line.time, ours[_i].time);
}
END_TEST

static const char *const others[] = {
	"",
	" ",
	"-- No entries --",
	"-- Boot 0123456789abcdef --",
	"Nov 26 05:34:21 host sshd[12]: " RECORD,
	"Nov 26 05:34:21 host sudo: svc : COMMAND=/usr/bin/privsep-wrap /etc/app.conf ls",
	"Nov 26 05:34:21 host sudo: privsep-wrap[12]: " RECORD,
	"Nov 26 05:34:21 sshd[12]: privsep-wrap[12]: " RECORD,
	"Nov 26 05:34:21 sshd: privsep-wrap[12]: " RECORD,
	"Nov 26 05:34:21 sshd[12]:x privsep-wrap[12]: " RECORD,
	"Nov 26 05:34:21  privsep-wrap[12]: " RECORD,
	"sshd: privsep-wrap[12]: " RECORD,
	"Nov 26 05:34:21 host evil privsep-wrap[12]: " RECORD,
	"Nov 26 05:34:21 host privsep-wrapctl[12]: " RECORD,
	"Nov 26 05:34:21 host privsep-wra[12]: " RECORD,
	"Nov 26 05:34:21 host Privsep-wrap[12]: " RECORD,
	"Nov 26 05:34:21 host privsep-wrap[1x]: " RECORD,
	"Nov 26 05:34:21 host privsep-wrap[12: " RECORD,
	"Nov 26 05:34:21 host privsep-wrap[12] " RECORD,
	"Nov 26 05:34:21 host privsep-wrap " RECORD,
	"Nov 26 05:34:21 host privsep-wrap",
	"Nov 26 05:34:21 host " RECORD,
	"Nov 26 05:34:21 host " JSON_RECORD,
	"Nov 26 05:34:21 privsep-wrap[12]",
	"host privsep-wrap[12]: " RECORD,
	"2026-11-26T05:34:21Zhost privsep-wrap[12]: " RECORD,
	"2026-11-26T05:34:21Zprivsep-wrap[12]: " RECORD,
	"<>privsep-wrap[12]: " RECORD,
	"<86privsep-wrap[12]: " RECORD,
	"<86>" RECORD,
	/* the second line of somebody's text, as journalctl shows it */
	"                            " RECORD,
	" " RECORD,
	"\t" RECORD,
	" privsep-wrap[12]: " RECORD,
	"allowed id=1",
	"allow  id=1",
	"@cee: {\"msg\":\"hello\"}",
	"{",
	"{\"a\":1}",
	"[1]",
	"{\"record\":\"exit\"}",
	"{\"MESSAGE\":\"hello\"}",
	"{\"MESSAGE\":null}",
	"{\"MESSAGE\":\"" RECORD "\",\"SYSLOG_IDENTIFIER\":\"sshd\"}",
	"{\"MESSAGE\":\"" RECORD "\",\"SYSLOG_IDENTIFIER\":[\"privsep-wrap\",\"sshd\"]}",
	"{\"MESSAGE\":\"" RECORD "\",\"SYSLOG_IDENTIFIER\":null}",
	"{\"MESSAGE\":\" " RECORD "\"}",
	"{\"record\":\"exit\",\"id\":\"1\",\"MESSAGE\":\"hello\"}",
};

START_TEST(leaves_others_alone)
{
	struct line line;

	ck_assert_int_eq(read_text(others[_i], &line), ENTRY_OTHER);
}
END_TEST

static const char *const damaged[] = {
	"{\"SYSLOG_IDENTIFIER\":\"privsep-wrap\",\"MESSAGE\":\"exit",
	"{\"SYSLOG_IDENTIFIER\":\"privsep-wrap\",\"MESSAGE\":\"\\u0000\"}",
	"{\"SYSLOG_IDENTIFIER\":\"privsep-wrap\",\"MESSAGE\":null}",
	"{\"SYSLOG_IDENTIFIER\":\"privsep-wrap\",\"MESSAGE\":{}}",
	"{\"SYSLOG_IDENTIFIER\":\"privsep-wrap\",\"MESSAGE\":[0]}",
	"{\"SYSLOG_IDENTIFIER\":\"privsep-wrap\",\"MESSAGE\":[256]}",
	"{\"SYSLOG_IDENTIFIER\":\"privsep-wrap\",\"MESSAGE\":[101,-1]}",
	"{\"SYSLOG_IDENTIFIER\":\"privsep-wrap\",\"MESSAGE\":[1.5]}",
	"{\"SYSLOG_IDENTIFIER\":\"privsep-wrap\",\"MESSAGE\":[4294967297]}",
	"{\"SYSLOG_IDENTIFIER\":\"privsep-wrap\",\"MESSAGE\":[\"101\"]}",
	"{\"SYSLOG_IDENTIFIER\":\"privsep-wrap\",\"MESSAGE\":[[101]]}",
};

START_TEST(sees_what_names_us_and_cannot_be_read)
{
	struct line line;

	ck_assert_int_eq(read_text(damaged[_i], &line), ENTRY_DAMAGED);
}
END_TEST

/* A log that was cut by a crash may hold zero bytes. */
START_TEST(zero_byte_ends_nothing)
{
	static const char before[] = "\0\0Nov 26 05:34:21 host privsep-wrap[12]: " RECORD;
	static const char inside[] = "privsep-wrap[12]: exit\0" RECORD;
	static const char other[] = "Nov 26 05:34:21 host sshd[12]:\0" RECORD;
	static const char hidden[] = RECORD "\0";
	struct line line;

	ck_assert_int_eq(line_read(before, sizeof(before) - 1, &the_clock, &arena, &line), ENTRY_DAMAGED);
	ck_assert_int_eq(line_read(inside, sizeof(inside) - 1, &the_clock, &arena, &line), ENTRY_DAMAGED);
	ck_assert_int_eq(line_read(other, sizeof(other) - 1, &the_clock, &arena, &line), ENTRY_OTHER);
	ck_assert_int_eq(line_read(hidden, sizeof(hidden) - 1, &the_clock, &arena, &line), ENTRY_OTHER);
}
END_TEST

/* In memory that ends with the line. */
START_TEST(reads_nothing_behind_the_end)
{
	for (size_t i = 0; i < ARRAY_LENGTH(ours); i++) {
		for (size_t length = 0; length <= strlen(ours[i].text); length++) {
			char *bytes = memory_allocate(length, 1);
			enum entry_result result;
			struct line line;

			memcpy(bytes, ours[i].text, length);
			result = line_read(bytes, length, &the_clock, &arena, &line);
			ck_assert(result == ENTRY_OTHER || result == ENTRY_DAMAGED || line.message);
			free(bytes);
		}
		arena_free(&arena);
	}
}
END_TEST

static void fill(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, setup, teardown);
	add_table_test(tcase, takes_the_message_out, ours);
	add_table_test(tcase, leaves_others_alone, others);
	add_table_test(tcase, sees_what_names_us_and_cannot_be_read, damaged);
	tcase_add_test(tcase, zero_byte_ends_nothing);
	tcase_add_test(tcase, reads_nothing_behind_the_end);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("line");

	suite_add(suite, "line", fill);
	return suite;
}

SUITE_MAIN(make_suite)
