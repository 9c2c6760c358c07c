#include "audit/audit.h"

#include <errno.h>
#include <sys/wait.h>
#include <syslog.h>

#include "dev_log.h"
#include "fixture.h"

static struct request request;
static struct audit audit;
static int daemons_end;
static struct trust trust;

static const struct context silent = { .name = "silent" };

static void setup(void)
{
	fixture_setup();
	request = fixture_request("ls -l");
	audit_begin(&audit, &request, "/etc/app/rootwrap.conf");
	dev_log_pair(&audit.syslog.socket, &daemons_end);
}

static void teardown(void)
{
	audit_end(&audit);
	close(daemons_end);
	fixture_teardown();
}

static int decide(enum verdict verdict)
{
	const struct decision decision = {
		.verdict = verdict,
		.reason = verdict == VERDICT_ALLOW ? REASON_NONE : REASON_BAD_FILTER,
		.filter = fixture_filter("ls: CommandFilter, ls, root"),
		.program = "/bin/ls",
	};

	return audit_decision(&audit, &decision, 0);
}

static int report(void)
{
	const struct record_error failure = { .reason = "bad-config" };

	return audit_failure(&audit, &failure);
}

static int end(void)
{
	return audit_exit(&audit, fixture_filter("ls: CommandFilter, ls, root"), W_EXITCODE(3, 0), false, 5);
}

static int permit(void)
{
	return decide(VERDICT_ALLOW);
}

static int deny(void)
{
	return decide(VERDICT_DENY);
}

/* What is sent under which settings. */
static const struct {
	int (*act)(void);
	bool use_syslog;
	bool log_allowed;
	const struct context *context;
	int severity; /* of what is sent; -1: nothing */
	const char *text;
} rows[] = {
	{ permit, true, true, &context_built_in, LOG_INFO, "]: allow id=" },
	{ deny, true, true, &context_built_in, LOG_NOTICE, "]: deny id=" },
	{ report, true, true, &context_built_in, LOG_ERR, "]: error id=" },
	{ end, true, true, &context_built_in, LOG_INFO, "]: exit id=" },
	/* only what is allowed can be left out */
	{ permit, true, false, &context_built_in, -1, NULL },
	{ end, true, false, &context_built_in, -1, NULL },
	{ deny, true, false, &context_built_in, LOG_NOTICE, "]: deny id=" },
	{ report, true, false, &context_built_in, LOG_ERR, "]: error id=" },
	{ permit, true, true, &silent, -1, NULL },
	{ deny, true, true, &silent, LOG_NOTICE, "]: deny id=" },
	{ report, true, true, &silent, LOG_ERR, "]: error id=" },
	{ permit, false, true, &context_built_in, -1, NULL },
	{ deny, false, true, &context_built_in, -1, NULL },
	{ report, false, true, &context_built_in, -1, NULL },
	{ end, false, true, &context_built_in, -1, NULL },
};

static void use(bool use_syslog, bool log_allowed)
{
	struct settings settings;

	settings_set_defaults(&settings);
	settings.use_syslog = use_syslog;
	settings.log_allowed = log_allowed;
	settings.syslog_facility = LOG_LOCAL3;
	audit_use(&audit, &settings, &trust);
}

START_TEST(wanted_records_are_sent)
{
	const char *sent;

	fixture_context = rows[_i].context;
	use(rows[_i].use_syslog, rows[_i].log_allowed);
	ck_assert_int_eq(rows[_i].act(), 0);
	ck_assert(!audit.lost_by_syslog);
	sent = dev_log_receive(daemons_end);
	if (rows[_i].severity < 0) {
		ck_assert_str_eq(sent, "");
		return;
	}
	assert_contains(sent, arena_format(&fixture_arena, "<%d>", LOG_LOCAL3 | rows[_i].severity));
	assert_contains(sent, rows[_i].text);
	assert_contains(sent, audit.subject.id);
	ck_assert_str_eq(dev_log_receive(daemons_end), "");
}
END_TEST

/* A conf that cannot be used is recorded too. */
START_TEST(defaults_hold_before_there_is_a_conf)
{
	ck_assert_int_eq(report(), 0);
	assert_contains(dev_log_receive(daemons_end), "<83>");
	ck_assert_int_eq(permit(), 0);
	assert_contains(dev_log_receive(daemons_end), "<86>");
}
END_TEST

START_TEST(subject_is_that_of_the_request)
{
	ck_assert_ptr_eq(audit.subject.request, &request);
	ck_assert_ptr_eq(audit.subject.arguments, request.argv);
	ck_assert_str_eq(audit.subject.conf, "/etc/app/rootwrap.conf");
	ck_assert_uint_eq(strlen(audit.subject.id), 12);
	deny();
	assert_contains(dev_log_receive(daemons_end), " conf=/etc/app/rootwrap.conf ");
}
END_TEST

START_TEST(parts_are_sent_in_order)
{
	char argument[5000];
	const char *const argv[] = { "ls", argument };

	memset(argument, 'x', sizeof(argument) - 1);
	argument[sizeof(argument) - 1] = '\0';
	request.argv = argv;
	audit.subject.arguments = argv;
	ck_assert_int_eq(deny(), 0);
	assert_contains(dev_log_receive(daemons_end), " part=1/4 ");
	assert_contains(dev_log_receive(daemons_end), " part=2/4 ");
	assert_contains(dev_log_receive(daemons_end), " part=3/4 ");
	assert_contains(dev_log_receive(daemons_end), " part=4/4 ");
	ck_assert_str_eq(dev_log_receive(daemons_end), "");
}
END_TEST

static int (*const acts[])(void) = { permit, deny, report, end };

START_TEST(lost_record_is_told)
{
	close(daemons_end);
	daemons_end = -1;
	ck_assert_int_eq(acts[_i](), -1);
	ck_assert(audit.lost_by_syslog);
	assert_contains(audit.why.text, "/dev/log");
}
END_TEST

/* Half a record is a lost one, whatever is sent of it. */
START_TEST(partly_lost_record_is_lost)
{
	static char argument[200 * 1024];
	const char *const argv[] = { "ls", argument };

	memset(argument, 'x', sizeof(argument) - 1);
	request.argv = argv;
	audit.subject.arguments = argv;
	while (send(audit.syslog.socket, "full", 4, MSG_DONTWAIT) == 4)
		;
	dev_log_receive(daemons_end); /* room for one */
	audit.syslog.patience = 1;
	ck_assert_int_eq(deny(), -1);
	ck_assert(audit.lost_by_syslog);
}
END_TEST

START_TEST(unwanted_record_is_not_lost)
{
	use(false, true);
	close(daemons_end);
	daemons_end = -1;
	ck_assert_int_eq(acts[_i](), 0);
	ck_assert(!audit.lost_by_syslog);
}
END_TEST

static const struct {
	bool lost;
	bool is_written;
	bool absent;
	bool news;
} losses[] = {
	{ true, true, true, true },    { true, true, false, true },   { true, false, false, true },
	{ true, false, true, false },  { false, true, true, false },  { false, false, false, false },
};

START_TEST(loss_is_news_where_a_log_is_expected)
{
	audit.lost_by_syslog = losses[_i].lost;
	audit.settings.use_syslog_is_written = losses[_i].is_written;
	audit.syslog.absent = losses[_i].absent;
	ck_assert_int_eq(audit_loss_is_news(&audit), losses[_i].news);
}
END_TEST

/* Later, without privileges, the log may be out of reach. */
START_TEST(connection_is_made_at_once)
{
	struct audit fresh;
	struct settings settings;
	int log;

	dev_log_make_empty();
	log = dev_log_bind(SOCK_DGRAM);
	settings_set_defaults(&settings);
	audit_begin(&fresh, &request, "/conf");
	ck_assert_int_eq(fresh.syslog.socket, -1);
	audit_use(&fresh, &settings, &trust);
	ck_assert_int_ge(fresh.syslog.socket, 0);
	ck_assert_int_eq(unlink("/dev/log"), 0);
	audit_use(&fresh, &settings, &trust);
	ck_assert_int_ge(fresh.syslog.socket, 0);
	audit_end(&fresh);
	close(log);
}
END_TEST

START_TEST(log_is_left_alone_if_it_is_not_wanted)
{
	struct audit fresh;
	struct settings settings;

	dev_log_make_empty();
	dev_log_bind(SOCK_DGRAM);
	settings_set_defaults(&settings);
	settings.use_syslog = false;
	audit_begin(&fresh, &request, "/conf");
	audit_use(&fresh, &settings, &trust);
	ck_assert_int_eq(fresh.syslog.socket, -1);
	audit_end(&fresh);
}
END_TEST

START_TEST(missing_log_is_noticed)
{
	struct audit fresh;
	struct settings settings;
	const struct record_error failure = { .reason = "bad-config" };

	dev_log_make_empty();
	settings_set_defaults(&settings);
	audit_begin(&fresh, &request, "/conf");
	audit_use(&fresh, &settings, &trust);
	ck_assert_int_eq(fresh.syslog.socket, -1);
	ck_assert_int_eq(audit_failure(&fresh, &failure), -1);
	assert_contains(fresh.why.text, strerror(ENOENT));
	ck_assert(!audit_loss_is_news(&fresh));
	fresh.settings.use_syslog_is_written = true;
	ck_assert(audit_loss_is_news(&fresh));
	audit_end(&fresh);
}
END_TEST

static void fill(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, setup, teardown);
	add_table_test(tcase, wanted_records_are_sent, rows);
	tcase_add_test(tcase, defaults_hold_before_there_is_a_conf);
	tcase_add_test(tcase, subject_is_that_of_the_request);
	tcase_add_test(tcase, parts_are_sent_in_order);
	add_table_test(tcase, lost_record_is_told, acts);
	tcase_add_test(tcase, partly_lost_record_is_lost);
	add_table_test(tcase, unwanted_record_is_not_lost, acts);
	add_table_test(tcase, loss_is_news_where_a_log_is_expected, losses);
}

static void fill_dev_log(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, connection_is_made_at_once);
	tcase_add_test(tcase, log_is_left_alone_if_it_is_not_wanted);
	tcase_add_test(tcase, missing_log_is_noticed);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("audit");

	suite_add(suite, "records", fill);
	suite_add_for_root(suite, "/dev/log", fill_dev_log);
	return suite;
}

SUITE_MAIN(make_suite)
