#include <sys/syscall.h>

#include "base/descriptor.h"
#include "base/strbuf.h"
#include "policy/source.h"
#include "problems.h"
#include "tree.h"

/* A file that was read. */
struct source {
	struct trust trust;
	struct arena arena;
	struct problems problems;
	struct ini ini;
};

static void source_free(struct source *source)
{
	trust_free(&source->trust);
	arena_free(&source->arena);
	problems_free(&source->problems);
}

static int read_source(struct source *source, const char *path, enum ini_duplicates duplicates)
{
	*source = (struct source){ .trust = { .owner = geteuid() } };
	return source_read(tree_path(path), duplicates, &source->ini, &source->trust, &source->arena,
			   &source->problems);
}

static const struct problem *assert_unreadable(struct source *source, const char *path, unsigned line,
					       const char *part)
{
	ck_assert_int_eq(read_source(source, path, INI_DUPLICATES_REFUSED), -1);
	assert_problem_counts(&source->problems, 0, 0, 1);
	return assert_problem_at(&source->problems, SEVERITY_FATAL, tree_path(path), line, part);
}

START_TEST(reads_a_trusted_file)
{
	CLEANUP(source_free) struct source source;

	tree_file("file", 0644, "# x\n[A]\nb: c\n");
	ck_assert_int_eq(read_source(&source, "file", INI_DUPLICATES_REFUSED), 0);
	ck_assert_ptr_null(source.problems.first);
	ck_assert_str_eq(ini_section(&source.ini, "A")->options->value, "c");
	ck_assert_uint_eq(ini_section(&source.ini, "A")->options->line, 3);
}
END_TEST

START_TEST(reads_an_empty_file)
{
	CLEANUP(source_free) struct source source;

	tree_file("file", 0600, "");
	ck_assert_int_eq(read_source(&source, "file", INI_DUPLICATES_REFUSED), 0);
	ck_assert_ptr_null(source.ini.sections);
}
END_TEST

START_TEST(duplicates_are_as_asked_for)
{
	CLEANUP(source_free) struct source strict;
	CLEANUP(source_free) struct source lax;

	tree_file("file", 0600, "[A]\nb: 1\nb: 2\n");
	assert_unreadable(&strict, "file", 3, "the same option twice");
	ck_assert_int_eq(read_source(&lax, "file", INI_DUPLICATES_LAST_WINS), 0);
	ck_assert_str_eq(ini_section(&lax.ini, "A")->options->value, "2");
}
END_TEST

START_TEST(refuses_what_cannot_be_parsed)
{
	CLEANUP(source_free) struct source source;
	const struct problem *problem;

	tree_file("file", 0600, "[A]\nb: 1\n" SECRET "\n");
	problem = assert_unreadable(&source, "file", 3, "neither = nor : on an option line");
	ck_assert_ptr_null(problem->trust);
	assert_problems_keep_secret(&source.problems);
}
END_TEST

START_TEST(refuses_what_others_can_change)
{
	CLEANUP(source_free) struct source file;
	CLEANUP(source_free) struct source below;
	const struct problem *problem;

	tree_file("file", 0664, SECRET);
	problem = assert_unreadable(&file, "file", 0,
				    "mode 0664: only root may be able to change it (chmod go-w)");
	ck_assert_str_eq(problem->trust->path, tree_path("file"));
	assert_problems_keep_secret(&file.problems);
	tree_directory("open", 0777);
	tree_file("open/file", 0600, "[A]\n");
	problem = assert_unreadable(&below, "open/file", 0, "mode 0777: ");
	ck_assert_str_eq(problem->trust->path, tree_path("open"));
}
END_TEST

START_TEST(refuses_what_is_no_file)
{
	CLEANUP(source_free) struct source missing;
	CLEANUP(source_free) struct source directory;
	CLEANUP(source_free) struct source fifo;

	assert_unreadable(&missing, "missing", 0, strerror(ENOENT));
	tree_directory("directory", 0755);
	assert_unreadable(&directory, "directory", 0, "it must be a regular file");
	tree_fifo("fifo", 0600);
	assert_unreadable(&fifo, "fifo", 0, "it must be a regular file");
}
END_TEST

/* A file of size bytes of comments. */
static void make_large(const char *path, size_t size)
{
	struct strbuf text = { 0 };

	while (text.length < size)
		strbuf_append_string(&text, text.length + 8 <= size ? "#######\n" : "#");
	tree_bytes(path, 0600, text.text, text.length);
	strbuf_free(&text);
}

START_TEST(a_file_has_at_most_1_mib)
{
	CLEANUP(source_free) struct source largest;
	CLEANUP(source_free) struct source larger;

	make_large("file", 1 << 20);
	ck_assert_int_eq(read_source(&largest, "file", INI_DUPLICATES_REFUSED), 0);
	make_large("file", (1 << 20) + 1);
	assert_unreadable(&larger, "file", 0, "file over 1 MiB");
}
END_TEST

/* A sparse file is not read into memory first. */
START_TEST(a_huge_file_is_refused_at_once)
{
	CLEANUP(source_free) struct source source;

	tree_file("file", 0600, "");
	ck_assert_int_eq(truncate(tree_path("file"), (off_t)1 << 40), 0);
	assert_unreadable(&source, "file", 0, "file over 1 MiB");
}
END_TEST

/* Called once before or after the file is read. */
static void (*before_reading)(void);
static void (*after_reading)(void);

/* Stands in front of the C library's, so that a test can act at one moment of a race. */
ssize_t read(int file, void *bytes, size_t size)
{
	void (*before)(void) = before_reading;
	void (*after)(void) = after_reading;
	ssize_t got;

	before_reading = NULL;
	after_reading = NULL;
	if (before)
		before();
	got = syscall(SYS_read, file, bytes, size);
	if (after)
		after();
	return got;
}

static void append(void)
{
	int file = open(tree_path("file"), O_WRONLY | O_APPEND);

	ck_assert_int_eq(write(file, "c: 3\n", 5), 5);
	close(file);
}

static void shorten(void)
{
	ck_assert_int_eq(truncate(tree_path("file"), 9), 0);
}

/* The same size, and a time of the last change that differs by so much. */
static void rewrite(time_t seconds, long nanoseconds)
{
	struct stat status;
	struct timespec times[2];

	ck_assert_int_eq(stat(tree_path("file"), &status), 0);
	tree_file("file", 0600, "[A]\nb: 9\nc: 9\n");
	times[0] = (struct timespec){ .tv_nsec = UTIME_OMIT };
	times[1].tv_sec = status.st_mtim.tv_sec + seconds;
	times[1].tv_nsec = (status.st_mtim.tv_nsec + nanoseconds) % 1000000000;
	ck_assert_int_eq(utimensat(AT_FDCWD, tree_path("file"), times, 0), 0);
}

static void rewrite_a_second_later(void)
{
	rewrite(1, 0);
}

static void rewrite_a_moment_later(void)
{
	rewrite(0, 4000000);
}

/* Nothing shows it but the length of what was read. */
static void append_unseen(void)
{
	struct stat status;
	struct timespec times[2];

	ck_assert_int_eq(stat(tree_path("file"), &status), 0);
	append();
	times[0] = times[1] = status.st_mtim;
	ck_assert_int_eq(utimensat(AT_FDCWD, tree_path("file"), times, 0), 0);
}

static void shorten_unseen(void)
{
	rewrite(0, 0);
}

static const struct {
	void (*before)(void);
	void (*after)(void);
} changes[] = {
	{ append, NULL },
	{ shorten, NULL },
	{ rewrite_a_second_later, NULL },
	{ rewrite_a_moment_later, NULL },
	{ NULL, append },
	{ NULL, shorten },
	{ NULL, rewrite_a_second_later },
	{ NULL, rewrite_a_moment_later },
	{ append_unseen, shorten_unseen },
};

START_TEST(refuses_a_file_that_changes_while_it_is_read)
{
	CLEANUP(source_free) struct source source;

	tree_file("file", 0600, "[A]\nb: 1\nc: 2\n");
	before_reading = changes[_i].before;
	after_reading = changes[_i].after;
	assert_unreadable(&source, "file", 0, "the file changed while it was read: try again");
}
END_TEST

START_TEST(leaves_no_descriptor_open)
{
	CLEANUP(source_free) struct source source;
	int before = dup(STDERR_FILENO);
	int after;

	close(before);
	tree_file("file", 0600, "not parsable\n");
	ck_assert_int_eq(read_source(&source, "file", INI_DUPLICATES_REFUSED), -1);
	trust_free(&source.trust);
	after = dup(STDERR_FILENO);
	ck_assert_int_eq(after, before);
	close(after);
}
END_TEST

static void fill(TCase *tcase)
{
	tree_add_fixtures(tcase);
	tcase_add_test(tcase, reads_a_trusted_file);
	tcase_add_test(tcase, reads_an_empty_file);
	tcase_add_test(tcase, duplicates_are_as_asked_for);
	tcase_add_test(tcase, refuses_what_cannot_be_parsed);
	tcase_add_test(tcase, refuses_what_others_can_change);
	tcase_add_test(tcase, refuses_what_is_no_file);
	tcase_add_test(tcase, a_file_has_at_most_1_mib);
	tcase_add_test(tcase, a_huge_file_is_refused_at_once);
	add_table_test(tcase, refuses_a_file_that_changes_while_it_is_read, changes);
	tcase_add_test(tcase, leaves_no_descriptor_open);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("source");

	suite_add(suite, "source", fill);
	return suite;
}

SUITE_MAIN(make_suite)
