#include "problems.h"

START_TEST(no_problem_is_nothing)
{
	struct problems problems = { 0 };

	ck_assert_ptr_null(problem_fatal(&problems));
	problems_free(&problems);
}
END_TEST

START_TEST(problems_keep_their_order)
{
	struct problems problems = { 0 };
	const struct problem *problem;

	for (unsigned i = 1; i <= 100; i++)
		problem_add(&problems, SEVERITY_WARNING, "file", i, "number %u", i);
	problem = problems.first;
	for (unsigned i = 1; i <= 100; i++, problem = problem->next) {
		char text[32];

		snprintf(text, sizeof(text), "number %u", i);
		ck_assert_uint_eq(problem->line, i);
		ck_assert_str_eq(problem->text, text);
	}
	ck_assert_ptr_null(problem);
	problems_free(&problems);
}
END_TEST

START_TEST(a_problem_is_a_copy_of_what_it_was_made_of)
{
	struct problems problems = { 0 };
	char file[] = "/etc/app/a.filters";
	char part[] = "part";
	struct problem *problem = problem_add(&problems, SEVERITY_ERROR, file, 7, "a %s", part);

	memset(file, 'x', sizeof(file) - 1);
	memset(part, 'x', sizeof(part) - 1);
	ck_assert_int_eq(problem->severity, SEVERITY_ERROR);
	ck_assert_str_eq(problem->file, "/etc/app/a.filters");
	ck_assert_uint_eq(problem->line, 7);
	ck_assert_str_eq(problem->text, "a part");
	ck_assert_ptr_null(problem->detail);
	ck_assert_ptr_null(problem->trust);
	ck_assert_ptr_null(problem->next);
	problems_free(&problems);
}
END_TEST

START_TEST(a_long_text_is_cut)
{
	struct problems problems = { 0 };
	struct problem *problem = problem_add(&problems, SEVERITY_ERROR, "file", 1, "%05000d", 1);

	ck_assert_uint_eq(strlen(problem->text), sizeof(struct error) - 1);
	problems_free(&problems);
}
END_TEST

START_TEST(finds_the_first_fatal_problem)
{
	struct problems problems = { 0 };

	problem_add(&problems, SEVERITY_WARNING, "file", 1, "warning");
	problem_add(&problems, SEVERITY_ERROR, "file", 2, "error");
	ck_assert_ptr_null(problem_fatal(&problems));
	problem_add(&problems, SEVERITY_FATAL, "file", 3, "fatal");
	problem_add(&problems, SEVERITY_FATAL, "file", 4, "fatal as well");
	ck_assert_uint_eq(problem_fatal(&problems)->line, 3);
	problems_free(&problems);
}
END_TEST

START_TEST(a_trust_problem_is_described_and_kept)
{
	struct problems problems = { 0 };
	struct trust_problem trust = {
		.path = "/etc/app", .judged = true, .owner = 12, .mode = S_IFDIR | 0775, .why = "cure"
	};
	const struct problem *problem;

	problem_add_trust(&problems, SEVERITY_FATAL, "/etc/app/conf", &trust);
	memset(&trust, 0, sizeof(trust));
	problem = problem_fatal(&problems);
	ck_assert_str_eq(problem->file, "/etc/app/conf");
	ck_assert_uint_eq(problem->line, 0);
	ck_assert_str_eq(problem->text, "/etc/app: owned by uid 12, mode 0775: cure");
	ck_assert_str_eq(problem->trust->path, "/etc/app");
	ck_assert_uint_eq(problem->trust->owner, 12);
	ck_assert_uint_eq(problem->trust->mode, S_IFDIR | 0775);
	problems_free(&problems);
}
END_TEST

START_TEST(a_file_is_named_once)
{
	static const struct trust_problem trust = { .path = "/etc/app/conf", .why = "cure" };
	struct problems problems = { 0 };

	problem_add_trust(&problems, SEVERITY_FATAL, "/etc/app/conf", &trust);
	ck_assert_str_eq(problem_fatal(&problems)->text, "cure");
	problems_free(&problems);
	problems = (struct problems){ 0 };
	problem_add_trust(&problems, SEVERITY_FATAL, "/etc/app/con", &trust);
	ck_assert_str_eq(problem_fatal(&problems)->text, "/etc/app/conf: cure");
	problems_free(&problems);
}
END_TEST

/* A name on the disk is no format. */
START_TEST(a_percent_sign_in_a_path_is_text)
{
	struct problems problems = { 0 };
	struct trust_problem trust = { .path = "/etc/%s%n", .why = "cure %s" };

	problem_add_trust(&problems, SEVERITY_FATAL, "/etc/%d", &trust);
	ck_assert_str_eq(problems.first->text, "/etc/%s%n: cure %s");
	ck_assert_str_eq(problems.first->file, "/etc/%d");
	problems_free(&problems);
}
END_TEST

START_TEST(freed_problems_can_be_used_again)
{
	struct problems problems = { 0 };

	problem_add(&problems, SEVERITY_FATAL, "file", 1, "before");
	problems_free(&problems);
	ck_assert_ptr_null(problem_fatal(&problems));
	problem_add(&problems, SEVERITY_FATAL, "file", 2, "after");
	ck_assert_str_eq(problems.first->text, "after");
	ck_assert_ptr_null(problems.first->next);
	problems_free(&problems);
}
END_TEST

static void fill(TCase *tcase)
{
	tcase_add_test(tcase, no_problem_is_nothing);
	tcase_add_test(tcase, problems_keep_their_order);
	tcase_add_test(tcase, a_problem_is_a_copy_of_what_it_was_made_of);
	tcase_add_test(tcase, a_long_text_is_cut);
	tcase_add_test(tcase, finds_the_first_fatal_problem);
	tcase_add_test(tcase, a_trust_problem_is_described_and_kept);
	tcase_add_test(tcase, a_file_is_named_once);
	tcase_add_test(tcase, a_percent_sign_in_a_path_is_text);
	tcase_add_test(tcase, freed_problems_can_be_used_again);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("problem");

	suite_add(suite, "problem", fill);
	return suite;
}

SUITE_MAIN(make_suite)
