#include "audit/record.h"

#include <signal.h>
#include <sys/wait.h>

#include "fixture.h"

static struct request request;
static struct record_subject subject;
static struct decision decision;

static void ask(const char *line)
{
	request = fixture_request(line);
	request.cwd = "/srv";
	request.caller = (struct caller){ .uid = 1001, .parent = 4100 };
	subject = (struct record_subject){
		.id = "0123456789ab", .request = &request, .arguments = request.argv, .conf = "/etc/app/rootwrap.conf",
		.form = &record_form_text,
	};
}

static void ask_words(const char *const *words, size_t count)
{
	ask("x");
	request.argv = words;
	request.argc = count;
	subject.arguments = words;
}

static void setup(void)
{
	fixture_setup();
	decision = (struct decision){ 0 };
	ask("rm -rf '/x y'");
}

static void allow(const char *filter_line)
{
	decision.verdict = VERDICT_ALLOW;
	decision.filter = fixture_filter_at(filter_line, 4);
	decision.program = "/usr/bin/rm";
}

static const char *single(struct record record)
{
	ck_assert_uint_eq(record.count, 1);
	return record.parts[0];
}

static const char *decided(void)
{
	return single(record_decision(&subject, &decision, CAPABILITY(10), &fixture_arena));
}

START_TEST(denial_has_its_fields_in_order)
{
	decision.reason = REASON_NO_MATCH;
	ck_assert_str_eq(
		decided(),
		"deny id=0123456789ab user=- uid=1001 auid=- ses=- tty=- cwd=/srv ppid=4100 unit=- "
		"conf=/etc/app/rootwrap.conf filter=- src=- runas=- ctx=- caps=- exe=- reason=no-match "
		"argc=3 cmd=rm -rf '/x y'");
}
END_TEST

static const struct {
	bool uid_is_claim;
	bool user_is_claim;
	const char *text;
} claims[] = {
	{ false, false, " unit=- conf=" },
	{ true, false, " unit=- claims=uid conf=" },
	{ false, true, " unit=- claims=user conf=" },
	{ true, true, " unit=- claims=user,uid conf=" },
};

START_TEST(claims_are_named)
{
	request.caller.uid_is_claim = claims[_i].uid_is_claim;
	request.caller.user_is_claim = claims[_i].user_is_claim;
	assert_contains(decided(), claims[_i].text);
}
END_TEST

START_TEST(permission_has_its_fields_in_order)
{
	allow("remove: CommandFilter, rm, app");
	request.caller.user = "app";
	request.caller.login_uid = "1000";
	request.caller.session = "3";
	request.caller.terminal = "pts/0";
	request.caller.unit = "app-agent.service";
	ck_assert_str_eq(
		decided(),
		"allow id=0123456789ab user=app uid=1001 auid=1000 ses=3 tty=pts/0 cwd=/srv ppid=4100 "
		"unit=app-agent.service conf=/etc/app/rootwrap.conf filter=remove src=test.filters:4 "
		"runas=app ctx=- caps=cap_net_bind_service exe=/usr/bin/rm argc=3 cmd=rm -rf '/x y'");
}
END_TEST

START_TEST(context_is_named)
{
	const struct context context = { .name = "files" };

	fixture_context = &context;
	allow("remove: CommandFilter, rm, app");
	assert_contains(decided(), " runas=app ctx=files caps=");
}
END_TEST

/* Whatever else a decision holds, the verdict alone makes the first word. */
START_TEST(denial_of_a_filter_shows_no_program)
{
	allow("remove: CommandFilter, rm, app");
	decision.verdict = VERDICT_DENY;
	decision.reason = REASON_BAD_FILTER;
	ck_assert_str_eq(
		decided(),
		"deny id=0123456789ab user=- uid=1001 auid=- ses=- tty=- cwd=/srv ppid=4100 unit=- "
		"conf=/etc/app/rootwrap.conf filter=remove src=test.filters:4 runas=app ctx=- caps=- exe=- "
		"reason=bad-filter argc=3 cmd=rm -rf '/x y'");
}
END_TEST

START_TEST(filter_without_a_user_is_recorded)
{
	decision.filter = fixture_filter("bad: CommandFilter, rm");
	decision.reason = REASON_BAD_FILTER;
	assert_contains(decided(), " filter=bad src=test.filters:1 runas=- ctx=- ");
}
END_TEST

static const struct trust_problem judged = { .judged = true, .owner = 112, .mode = 040770 };
static const struct trust_problem not_judged = { .owner = 112, .mode = 0770 };

static const struct {
	struct record_error failure;
	const char *text;
} failures[] = {
	{ { .reason = "bad-config" }, " reason=bad-config argc=3 cmd=" },
	{ { .reason = "bad-config", .path = "/etc/app", .line = 7, .detail = "what is wrong" },
	  " reason=bad-config path=/etc/app line=7 detail='what is wrong' argc=3 cmd=" },
	{ { .reason = "unsafe-path", .path = "/etc/app", .trust = &judged },
	  " reason=unsafe-path path=/etc/app owner=112 mode=0770 argc=3 cmd=" },
	{ { .reason = "unsafe-path", .path = "/etc/app", .trust = &not_judged },
	  " reason=unsafe-path path=/etc/app argc=3 cmd=" },
};

START_TEST(failure_has_its_fields_in_order)
{
	const char *text = single(record_failure(&subject, &failures[_i].failure, &fixture_arena));

	ck_assert_str_eq(
		text,
		arena_format(&fixture_arena,
			     "error id=0123456789ab user=- uid=1001 auid=- ses=- tty=- cwd=/srv ppid=4100 "
			     "unit=- conf=/etc/app/rootwrap.conf%srm -rf '/x y'",
			     failures[_i].text));
}
END_TEST

static const struct {
	int status; /* as of waitpid(2) */
	bool timed_out;
	const char *text;
} ends[] = {
	{ W_EXITCODE(0, 0), false, "status=0 signal=-" },
	{ W_EXITCODE(255, 0), false, "status=255 signal=-" },
	{ W_EXITCODE(0, SIGKILL), false, "status=- signal=KILL" },
	{ W_EXITCODE(0, SIGSEGV) | WCOREFLAG, false, "status=- signal=SEGV" },
	{ W_EXITCODE(0, SIGTERM), true, "status=124 signal=TERM" },
	{ W_EXITCODE(3, 0), true, "status=124 signal=-" },
};

START_TEST(end_has_its_fields_in_order)
{
	const struct filter *filter = fixture_filter("remove: CommandFilter, rm, app");
	const char *text =
		single(record_exit(&subject, filter, ends[_i].status, ends[_i].timed_out, 61234, &fixture_arena));

	ck_assert_str_eq(text, arena_format(&fixture_arena, "exit id=0123456789ab filter=remove %s ms=61234",
					    ends[_i].text));
}
END_TEST

/* A real-time signal has no name, but it was one. */
START_TEST(signal_without_a_name_is_no_unknown)
{
	const struct filter *filter = fixture_filter("remove: CommandFilter, rm, app");
	const char *text = single(record_exit(&subject, filter, W_EXITCODE(0, 40), false, 1, &fixture_arena));

	assert_lacks(text, "signal=-");
}
END_TEST

/* A record as a shell reads it. */
struct parsed {
	const char *const *words;
	size_t count;
	size_t command; /* the word that cmd= begins */
};

static bool is_printable(const char *text)
{
	for (; *text; text++) {
		if (*text < 0x20 || *text > 0x7e)
			return false;
	}
	return true;
}

static struct parsed parse(const char *text)
{
	struct parsed parsed;
	struct error error;

	ck_assert_msg(is_printable(text), "%s", text);
	ck_assert_msg(quote_read_words(text, &fixture_arena, &parsed.words, &parsed.count, &error) == 0, "%s: %s", text,
		      error.text);
	for (parsed.command = 0; parsed.command < parsed.count; parsed.command++) {
		if (strncmp(parsed.words[parsed.command], "cmd=", 4) == 0)
			return parsed;
	}
	ck_abort_msg("no cmd: %s", text);
}

static const char *value_of(const struct parsed *parsed, const char *key)
{
	const char *value = NULL;

	for (size_t i = 1; i < parsed->command; i++) {
		size_t length = strcspn(parsed->words[i], "=");

		if (strlen(key) != length || strncmp(parsed->words[i], key, length) != 0)
			continue;
		ck_assert_msg(!value, "%s twice", key);
		value = parsed->words[i] + length + 1;
	}
	ck_assert_msg(value != NULL, "no %s", key);
	return value;
}

/* Nothing that a caller chooses can begin a line, move a cursor or look like a field. */
static const char *const hostile[] = {
	"",
	" ",
	"x cmd=ls",
	"x\nallow id=0123456789ab user=root",
	"x\r\n<85>sudo: app : COMMAND=/bin/faked",
	"\033[2J\033[H",
	"' user=root '",
	"$'\\n'",
	"\\",
	"\"",
	"a=b cmd=c",
	"\x80\xff\xc3\xa9",
	"`id` $(id) $HOME",
	"#",
	"-",
};

START_TEST(hostile_value_stays_one_value)
{
	struct parsed parsed;

	request.cwd = hostile[_i];
	request.caller.user = hostile[_i];
	request.caller.unit = hostile[_i];
	request.caller.terminal = hostile[_i];
	subject.conf = hostile[_i];
	parsed = parse(decided());
	ck_assert_str_eq(parsed.words[0], "deny");
	ck_assert_str_eq(value_of(&parsed, "cwd"), hostile[_i]);
	ck_assert_str_eq(value_of(&parsed, "user"), hostile[_i]);
	ck_assert_str_eq(value_of(&parsed, "unit"), hostile[_i]);
	ck_assert_str_eq(value_of(&parsed, "tty"), hostile[_i]);
	ck_assert_str_eq(value_of(&parsed, "conf"), hostile[_i]);
	ck_assert_str_eq(value_of(&parsed, "uid"), "1001");
	ck_assert_str_eq(parsed.words[parsed.command], "cmd=rm");
	ck_assert_uint_eq(parsed.count - parsed.command, 3);
}
END_TEST

START_TEST(hostile_argument_stays_one_argument)
{
	const char *const words[] = { hostile[_i], "between", hostile[_i] };
	struct parsed parsed;

	ask_words(words, 3);
	parsed = parse(decided());
	ck_assert_str_eq(parsed.words[parsed.command] + strlen("cmd="), hostile[_i]);
	ck_assert_str_eq(parsed.words[parsed.command + 1], "between");
	ck_assert_str_eq(parsed.words[parsed.command + 2], hostile[_i]);
	ck_assert_uint_eq(parsed.count - parsed.command, 3);
	ck_assert_str_eq(value_of(&parsed, "argc"), "3");
}
END_TEST

/* Records may show less than the request holds, in as many words. */
START_TEST(masked_arguments_are_what_is_shown)
{
	static const char *const masked[] = { "rm", "***", "/x y" };

	subject.arguments = masked;
	assert_contains(decided(), " argc=3 cmd=rm '***' '/x y'");
}
END_TEST

/* Of a long value the end is kept; a byte of it can take one, or when it is quoted four. */
static const char *repeat(const char *text, size_t length)
{
	char *copy = arena_allocate(&fixture_arena, length + 1, 1);

	for (size_t i = 0; i < length; i++)
		copy[i] = text[i % strlen(text)];
	return copy;
}

static const char *const kinds[] = { "x", "x y", "'", "\001", "\377", "a\n", "it's ", "\\" };

START_TEST(value_is_whole_or_ends_as_it_did)
{
	for (size_t length = 0; length < 700; length++) {
		const char *cwd = repeat(kinds[_i], length);
		struct parsed parsed;
		const char *shown;

		request.cwd = cwd;
		parsed = parse(decided());
		shown = value_of(&parsed, "cwd");
		if (strcmp(shown, cwd) == 0)
			continue;
		ck_assert_int_eq(strncmp(shown, "...", 3), 0);
		ck_assert_uint_ge(strlen(shown), 3 + 32);
		ck_assert_uint_le(strlen(shown + 3), length);
		ck_assert_str_eq(shown + 3, cwd + length - strlen(shown + 3));
	}
}
END_TEST

START_TEST(short_value_is_not_cut)
{
	struct parsed parsed;

	request.cwd = repeat("x", 150);
	parsed = parse(decided());
	ck_assert_str_eq(value_of(&parsed, "cwd"), request.cwd);
}
END_TEST

/* No padding pushes a denial past the limit of a daemon. */
static void fill_with(const char *kind, size_t length)
{
	const char *value = repeat(kind, length);

	request.cwd = value;
	request.caller.user = value;
	request.caller.unit = value;
	request.caller.uid = (uid_t)-2;
	request.caller.uid_is_claim = true;
	request.caller.parent = 4194303;
	request.caller.login_uid = "4294967294";
	request.caller.session = "4294967294";
	request.caller.terminal = "4294967295:4294967295";
	subject.conf = value;
}

static void assert_bounded(const struct record *record)
{
	for (size_t i = 0; i < record->count; i++) {
		ck_assert_msg(strlen(record->parts[i]) <= RECORD_MAX, "part %zu has %zu bytes", i,
			      strlen(record->parts[i]));
		if (subject.form == &record_form_text)
			parse(record->parts[i]);
	}
}

static void assert_all_bounded(const char *kind, size_t length, const struct record_form *form)
{
	const char *value = repeat(kind, length);
	const char *const words[] = { value, value, value };
	const struct context context = { .name = value };
	struct filter filter = {
		.name = value, .file = value, .line = 4294967295, .run_as = value, .context = &context
	};
	const struct record_error failure = {
		.reason = "unsafe-path", .path = value, .line = 4294967295, .trust = &judged, .detail = value,
	};
	struct record record;

	ask_words(words, 3);
	fill_with(kind, length);
	subject.form = form;
	decision = (struct decision){ .verdict = VERDICT_ALLOW, .filter = &filter, .program = value };
	record = record_decision(&subject, &decision, 0x5555555555555555, &fixture_arena);
	assert_bounded(&record);
	decision = (struct decision){ .reason = REASON_IMPLICIT_PRIVSEP, .filter = &filter };
	record = record_decision(&subject, &decision, 0, &fixture_arena);
	assert_bounded(&record);
	record = record_failure(&subject, &failure, &fixture_arena);
	assert_bounded(&record);
	record = record_exit(&subject, &filter, 0, false, 1L << 40, &fixture_arena);
	ck_assert_uint_le(strlen(single(record)), RECORD_MAX);
}

START_TEST(record_is_bounded_whatever_it_holds)
{
	static const size_t lengths[] = { 100, 138, 139, 140, 141, 158, 159, 160, 161, 300, 5000, 90000 };

	for (size_t i = 0; i < ARRAY_LENGTH(lengths); i++) {
		assert_all_bounded(kinds[_i], lengths[i], &record_form_text);
		assert_all_bounded(kinds[_i], lengths[i], &record_form_json);
	}
}
END_TEST

/* The command as its parts tell it, put together. */
static const char *joined_command(const struct record *record)
{
	CLEANUP(strbuf_free) struct strbuf joined = { 0 };

	for (size_t i = 0; i < record->count; i++) {
		const char *part = record->parts[i];
		const char *command = strstr(part, " cmd=");
		struct parsed parsed = parse(part);

		ck_assert_uint_le(strlen(part), RECORD_MAX);
		if (record->count > 1)
			ck_assert_str_eq(value_of(&parsed, "part"),
					 arena_format(&fixture_arena, "%zu/%zu", i + 1, record->count));
		if (i > 0)
			ck_assert_int_eq(strncmp(part, "more id=0123456789ab part=",
						 strlen("more id=0123456789ab part=")),
					 0);
		strbuf_append_string(&joined, command + strlen(" cmd="));
	}
	return arena_string(&fixture_arena, strbuf_text(&joined));
}

static void assert_told_whole(const char *const *words, size_t count)
{
	struct record record;
	const char *const *read;
	struct error error;
	size_t found;

	ask_words(words, count);
	record = record_decision(&subject, &decision, 0, &fixture_arena);
	ck_assert_int_eq(quote_read_words(joined_command(&record), &fixture_arena, &read, &found, &error), 0);
	ck_assert_uint_eq(found, count);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(read[i], words[i]) != 0)
			ck_abort_msg("argument %zu: %s", i, read[i]);
	}
}

START_TEST(short_command_has_no_parts)
{
	assert_lacks(decided(), "part=");
}
END_TEST

/* Arguments whose lengths lie around that of a part. */
START_TEST(long_argument_is_told_whole)
{
	for (size_t length = 400; length < 2300; length += 7) {
		const char *const words[] = { "first", repeat(kinds[_i], length), "", repeat(kinds[_i], 3) };

		assert_told_whole(words, ARRAY_LENGTH(words));
	}
}
END_TEST

START_TEST(longest_argument_is_told_whole)
{
	const char *const words[] = { repeat(kinds[_i], (size_t)200 * 1024), "end" };

	assert_told_whole(words, 2);
}
END_TEST

START_TEST(many_arguments_are_told_whole)
{
	enum { COUNT = 10000 };
	const char **words = arena_allocate(&fixture_arena, COUNT, sizeof(*words));

	for (size_t i = 0; i < COUNT; i++)
		words[i] = i % 3 == 0 ? "" : repeat(kinds[i % ARRAY_LENGTH(kinds)], i % 23);
	assert_told_whole(words, COUNT);
}
END_TEST

/* A small generator of its own, so that a failure can be repeated. */
static unsigned next_random(unsigned *state)
{
	*state = *state * 1103515245 + 12345;
	return *state >> 16;
}

START_TEST(random_bytes_are_told_whole)
{
	unsigned state = (unsigned)_i + 1;

	for (int round = 0; round < 20; round++) {
		size_t count = 1 + next_random(&state) % 12;
		const char **words = arena_allocate(&fixture_arena, count, sizeof(*words));

		for (size_t i = 0; i < count; i++) {
			size_t length = next_random(&state) % (next_random(&state) % 8 == 0 ? 3000 : 40);
			char *word = arena_allocate(&fixture_arena, length + 1, 1);

			for (size_t j = 0; j < length; j++)
				word[j] = (char)(1 + next_random(&state) % 255);
			words[i] = word;
		}
		assert_told_whole(words, count);
	}
}
END_TEST

START_TEST(every_byte_is_told)
{
	char bytes[256] = { 0 };
	const char *const words[] = { bytes };

	for (int i = 0; i < 255; i++)
		bytes[i] = (char)(i + 1);
	assert_told_whole(words, 1);
}
END_TEST

/* Such a command is told by its length, by how it begins and by how it ends. */
START_TEST(command_that_is_too_long_is_told_in_one_record)
{
	const char *argument = repeat(kinds[_i], REQUEST_MAX_BYTES);
	const char *const words[] = { "first", "second", argument,
				      arena_format(&fixture_arena, "%s-THE-END", argument) };
	struct parsed parsed;

	ask_words(words, ARRAY_LENGTH(words));
	fill_with(kinds[_i], 5000);
	decision.reason = REASON_TOO_LONG;
	parsed = parse(single(record_decision(&subject, &decision, 0, &fixture_arena)));
	ck_assert_uint_le(strlen(single(record_decision(&subject, &decision, 0, &fixture_arena))), RECORD_MAX);
	ck_assert_str_eq(value_of(&parsed, "reason"), "too-long");
	ck_assert_str_eq(value_of(&parsed, "argc"), "4");
	ck_assert_uint_eq(strtoul(value_of(&parsed, "bytes"), NULL, 10), request_bytes(&request));
	assert_contains(value_of(&parsed, "tail"), "-THE-END");
	ck_assert_str_eq(parsed.words[parsed.command], "cmd=first");
	ck_assert_str_eq(parsed.words[parsed.command + 1], "second");
	ck_assert_uint_eq(parsed.count - parsed.command, 2);
}
END_TEST

START_TEST(program_that_is_too_long_is_told_in_one_record)
{
	const char *const words[] = { repeat(kinds[_i], REQUEST_MAX_BYTES + 1) };
	struct record record;

	ask_words(words, 1);
	fill_with(kinds[_i], 5000);
	record = record_decision(&subject, &decision, 0, &fixture_arena);
	assert_bounded(&record);
	ck_assert_uint_le(record.count, 2);
}
END_TEST

START_TEST(identifiers_differ)
{
	char ids[100][RECORD_ID_SIZE];

	for (size_t i = 0; i < ARRAY_LENGTH(ids); i++) {
		record_make_id(ids[i]);
		ck_assert_uint_eq(strlen(ids[i]), 12);
		ck_assert_uint_eq(strspn(ids[i], "0123456789abcdef"), 12);
		for (size_t j = 0; j < i; j++)
			ck_assert_str_ne(ids[i], ids[j]);
	}
}
END_TEST

static void fill_fields(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, setup, fixture_teardown);
	tcase_add_test(tcase, denial_has_its_fields_in_order);
	add_table_test(tcase, claims_are_named, claims);
	tcase_add_test(tcase, permission_has_its_fields_in_order);
	tcase_add_test(tcase, context_is_named);
	tcase_add_test(tcase, denial_of_a_filter_shows_no_program);
	tcase_add_test(tcase, filter_without_a_user_is_recorded);
	add_table_test(tcase, failure_has_its_fields_in_order, failures);
	add_table_test(tcase, end_has_its_fields_in_order, ends);
	tcase_add_test(tcase, signal_without_a_name_is_no_unknown);
	tcase_add_test(tcase, identifiers_differ);
}

static void fill_values(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, setup, fixture_teardown);
	add_table_test(tcase, hostile_value_stays_one_value, hostile);
	add_table_test(tcase, hostile_argument_stays_one_argument, hostile);
	tcase_add_test(tcase, masked_arguments_are_what_is_shown);
	add_table_test(tcase, value_is_whole_or_ends_as_it_did, kinds);
	tcase_add_test(tcase, short_value_is_not_cut);
	add_table_test(tcase, record_is_bounded_whatever_it_holds, kinds);
}

static void fill_parts(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, setup, fixture_teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, short_command_has_no_parts);
	add_table_test(tcase, long_argument_is_told_whole, kinds);
	add_table_test(tcase, longest_argument_is_told_whole, kinds);
	tcase_add_test(tcase, many_arguments_are_told_whole);
	tcase_add_loop_test(tcase, random_bytes_are_told_whole, 0, 10);
	tcase_add_test(tcase, every_byte_is_told);
	add_table_test(tcase, command_that_is_too_long_is_told_in_one_record, kinds);
	add_table_test(tcase, program_that_is_too_long_is_told_in_one_record, kinds);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("record");

	suite_add(suite, "fields", fill_fields);
	suite_add(suite, "values", fill_values);
	suite_add(suite, "parts", fill_parts);
	return suite;
}

SUITE_MAIN(make_suite)
