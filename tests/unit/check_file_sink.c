#include "audit/file_sink.h"

#include <regex.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "tree.h"

/* As in every test of trust: whoever runs the test is the owner. */
static struct trust trust;
static struct file_sink sink;
static struct error error;

static void setup(void)
{
	trust = (struct trust){ .owner = geteuid() };
	sink = (struct file_sink)FILE_SINK_CLOSED;
	error.text[0] = '\0';
	umask(022);
}

static void teardown(void)
{
	file_sink_close(&sink);
	trust_free(&trust);
}

static int open_sink(const char *path)
{
	return file_sink_open(&sink, tree_path(path), &trust, &error);
}

static const char *content(const char *path)
{
	static char text[1 << 20];
	int file = open(tree_path(path), O_RDONLY | O_CLOEXEC);
	ssize_t length = file >= 0 ? read(file, text, sizeof(text) - 1) : -1;

	ck_assert_msg(length >= 0, "%s: %m", path);
	text[length] = '\0';
	close(file);
	return text;
}

static void assert_line_matches(const char *text, const char *pattern)
{
	regex_t compiled;

	ck_assert_int_eq(regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB), 0);
	ck_assert_msg(regexec(&compiled, text, 0, NULL, 0) == 0, "%s", text);
	regfree(&compiled);
}

START_TEST(file_is_made_for_its_owner_alone)
{
	struct stat status;

	ck_assert_msg(open_sink("audit.log") == 0, "%s", error.text);
	ck_assert_int_eq(stat(tree_path("audit.log"), &status), 0);
	ck_assert_uint_eq(status.st_mode, S_IFREG | 0600);
	ck_assert_int_eq(status.st_size, 0);
	ck_assert_int_ne(fcntl(sink.file, F_GETFD) & FD_CLOEXEC, 0);
	ck_assert_int_ne(fcntl(sink.directory, F_GETFD) & FD_CLOEXEC, 0);
}
END_TEST

START_TEST(record_is_one_line_behind_time_host_and_program)
{
	ck_assert_int_eq(open_sink("audit.log"), 0);
	ck_assert_int_eq(file_sink_write(&sink, "allow id=1 100%s", &error), 0);
	assert_line_matches(content("audit.log"),
			    "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}Z [^ ]+ "
			    "privsep-wrap\\[[0-9]+\\]: allow id=1 100%s\n$");
}
END_TEST

START_TEST(records_are_appended)
{
	tree_file("audit.log", 0640, "before\n");
	ck_assert_int_eq(open_sink("audit.log"), 0);
	ck_assert_int_eq(file_sink_write(&sink, "first", &error), 0);
	ck_assert_int_eq(file_sink_write(&sink, "second", &error), 0);
	assert_line_matches(content("audit.log"), "^before\n[^\n]*: first\n[^\n]*: second\n$");
}
END_TEST

/* After a full disk, whoever's line was cut. */
START_TEST(record_goes_on_in_no_other_line)
{
	tree_file("audit.log", 0600, "2026-11-26T05:34:21.000000Z host privsep-wrap[1]: allow id=0123");
	ck_assert_int_eq(open_sink("audit.log"), 0);
	ck_assert_int_eq(file_sink_write(&sink, "deny", &error), 0);
	assert_line_matches(content("audit.log"), "id=0123\n2[^\n]*: deny\n$");
}
END_TEST

static void make_nothing(void)
{
}

static void make_writable_by_group(void)
{
	tree_file("audit.log", 0660, "");
}

static void make_writable_by_others(void)
{
	tree_file("audit.log", 0602, "");
}

static void make_link(void)
{
	tree_file("elsewhere", 0600, "");
	tree_link("audit.log", "elsewhere");
}

static void make_dangling_link(void)
{
	tree_link("audit.log", "nowhere");
}

static void make_fifo(void)
{
	tree_fifo("audit.log", 0600);
}

static void make_directory(void)
{
	tree_directory("audit.log", 0700);
}

static void make_place_of_others(void)
{
	tree_mode(".", 0777);
}

static void make_place_of_group(void)
{
	tree_mode(".", 0775);
}

static void make_sticky_place(void)
{
	tree_mode(".", 01777);
}

static const struct {
	void (*make)(void);
	const char *path;
	const char *why;
} unusable[] = {
	{ make_nothing, "missing/audit.log", "No such file" },
	{ make_writable_by_group, "audit.log", "nobody else can write" },
	{ make_writable_by_others, "audit.log", "nobody else can write" },
	{ make_link, "audit.log", "symbolic links" },
	{ make_dangling_link, "audit.log", "symbolic links" },
	{ make_fifo, "audit.log", "a regular file" },
	{ make_directory, "audit.log", "Is a directory" },
	{ make_place_of_others, "audit.log", "mode 0777" },
	{ make_place_of_group, "audit.log", "mode 0775" },
	{ make_sticky_place, "audit.log", "mode 1777" },
};

START_TEST(file_that_others_could_change_is_refused)
{
	unusable[_i].make();
	ck_assert_int_eq(open_sink(unusable[_i].path), -1);
	assert_contains(error.text, unusable[_i].why);
	ck_assert_int_eq(sink.file, -1);
	ck_assert_int_eq(sink.directory, -1);
}
END_TEST

START_TEST(file_of_another_user_is_refused)
{
	tree_file("audit.log", 0600, "");
	tree_owner("audit.log", TREE_OTHER_USER);
	ck_assert_int_eq(open_sink("audit.log"), -1);
	assert_contains(error.text, "that root owns");
}
END_TEST

START_TEST(rotated_file_is_left_for_the_new_one)
{
	struct stat status;

	ck_assert_int_eq(open_sink("audit.log"), 0);
	ck_assert_int_eq(file_sink_write(&sink, "old", &error), 0);
	file_sink_follow_name(&sink, &trust);
	ck_assert_int_eq(rename(tree_path("audit.log"), tree_path("audit.log.1")), 0);
	file_sink_follow_name(&sink, &trust);
	ck_assert_int_eq(file_sink_write(&sink, "new", &error), 0);
	assert_line_matches(content("audit.log.1"), "^[^\n]*: old\n$");
	assert_line_matches(content("audit.log"), "^[^\n]*: new\n$");
	ck_assert_int_eq(stat(tree_path("audit.log"), &status), 0);
	ck_assert_uint_eq(status.st_mode, S_IFREG | 0600);
}
END_TEST

/* Better there than nowhere. */
START_TEST(rotated_file_stays_where_the_new_one_is_unfit)
{
	ck_assert_int_eq(open_sink("audit.log"), 0);
	ck_assert_int_eq(rename(tree_path("audit.log"), tree_path("audit.log.1")), 0);
	tree_file("audit.log", 0666, "");
	file_sink_follow_name(&sink, &trust);
	ck_assert_int_eq(file_sink_write(&sink, "kept", &error), 0);
	assert_line_matches(content("audit.log.1"), ": kept\n$");
	ck_assert_str_eq(content("audit.log"), "");
}
END_TEST

/* As on a full disk: a write that is cut, and one that takes nothing. */
START_TEST(record_that_does_not_fit_is_told)
{
	const struct rlimit limit = { .rlim_cur = 100, .rlim_max = RLIM_INFINITY };
	static char record[2049];

	memset(record, 'x', sizeof(record) - 1);
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(open_sink("audit.log"), 0);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ck_assert_int_eq(file_sink_write(&sink, record, &error), -1);
	assert_contains(error.text, strerror(ENOSPC));
	assert_contains(error.text, "audit.log");
	ck_assert_int_eq(file_sink_write(&sink, record, &error), -1);
	assert_contains(error.text, strerror(EFBIG));
}
END_TEST

enum { WRITERS = 8, RECORDS = 200, LENGTH = 2048 };

static void write_many(char letter)
{
	char record[LENGTH + 1];

	memset(record, letter, LENGTH);
	record[LENGTH] = '\0';
	for (int i = 0; i < RECORDS; i++) {
		if (file_sink_write(&sink, record, &error) < 0)
			_exit(1);
	}
	_exit(0);
}

START_TEST(lines_of_many_writers_never_mix)
{
	FILE *file;
	char line[LENGTH + 256];
	int count = 0;

	ck_assert_int_eq(open_sink("audit.log"), 0);
	for (int i = 0; i < WRITERS; i++) {
		if (fork() == 0)
			write_many((char)('a' + i));
	}
	for (int status; wait(&status) > 0;)
		ck_assert_int_eq(status, 0);
	file = fopen(tree_path("audit.log"), "r");
	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof(line), file)) {
		const char *record = strstr(line, "]: ");

		if (strcmp(line, "\n") == 0)
			continue;
		ck_assert_ptr_nonnull(record);
		ck_assert_uint_eq(strspn(record + 3, (char[]){ record[3], '\0' }), LENGTH);
		count++;
	}
	fclose(file);
	ck_assert_int_eq(count, WRITERS * RECORDS);
}
END_TEST

static void fill(TCase *tcase)
{
	tree_add_fixtures(tcase);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, file_is_made_for_its_owner_alone);
	tcase_add_test(tcase, record_is_one_line_behind_time_host_and_program);
	tcase_add_test(tcase, records_are_appended);
	tcase_add_test(tcase, record_goes_on_in_no_other_line);
	add_table_test(tcase, file_that_others_could_change_is_refused, unusable);
	tcase_add_test(tcase, rotated_file_is_left_for_the_new_one);
	tcase_add_test(tcase, rotated_file_stays_where_the_new_one_is_unfit);
	tcase_add_test(tcase, record_that_does_not_fit_is_told);
	tcase_add_test(tcase, lines_of_many_writers_never_mix);
}

static void fill_for_root(TCase *tcase)
{
	tree_add_fixtures(tcase);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, file_of_another_user_is_refused);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("file sink");

	suite_add(suite, "file", fill);
	suite_add_for_root(suite, "owners", fill_for_root);
	return suite;
}

SUITE_MAIN(make_suite)
