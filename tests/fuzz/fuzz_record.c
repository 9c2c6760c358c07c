/*
 * Strings separated by zero bytes, the first byte choosing form and kind: all
 * facts and the command that are written as a record are read back from its
 * lines, in whatever order they come, and not if one of them is missing.
 */
#include <string.h>

#include "audit/record.h"
#include "base/strbuf.h"
#include "fuzz.h"
#include "policy/context.h"
#include "policy/filter.h"
#include "report/assembly.h"

enum {
	AS_JSON = 1,
	IS_ERROR = 2,
	BACKWARDS = 4,
	LOSES_ONE = 8,
	IS_ALLOWED = 64,
	HAS_FILTER = 128,
	FACTS = 5, /* strings that are no words */
};

struct input {
	unsigned choice;
	const char **strings;   /* facts, then words */
	size_t count;
	struct record_subject subject;
	struct record_error failure;
	struct request request;
	struct context context;
	struct filter filter;
	struct decision decision;
};

/* Of a value that is too long the end is kept. */
static void check_value(const struct entry *entry, const char *key, const char *wanted)
{
	const char *value = entry_value(entry, key);
	size_t length;

	if (!wanted) {
		FUZZ_ASSERT(!value);
		return;
	}
	FUZZ_ASSERT(value);
	if (strcmp(value, wanted) == 0)
		return;
	length = strlen(value);
	FUZZ_ASSERT(strncmp(value, "...", 3) == 0 && length > 3 && length - 3 < strlen(wanted));
	FUZZ_ASSERT(strcmp(value + 3, wanted + strlen(wanted) - (length - 3)) == 0);
}

static void check_words(const struct input *input, const struct assembled *done)
{
	const struct request *request = &input->request;
	const struct entry *entry = &done->entry;

	FUZZ_ASSERT(done->missing == 0);
	FUZZ_ASSERT(entry->word_count == request->argc);
	for (size_t i = 0; i < request->argc; i++)
		FUZZ_ASSERT(strcmp(entry->words[i], request->argv[i]) == 0);
}

static const char *kind_of(const struct input *input)
{
	if (input->choice & IS_ERROR)
		return "error";
	return input->choice & IS_ALLOWED ? "allow" : "deny";
}

static void check_caller(const struct input *input, const struct entry *entry)
{
	const struct caller *caller = &input->request.caller;

	check_value(entry, "user", caller->user);
	check_value(entry, "uid", "1001");
	check_value(entry, "auid", NULL);
	check_value(entry, "ses", caller->session);
	check_value(entry, "tty", caller->terminal);
	check_value(entry, "cwd", input->request.cwd);
	check_value(entry, "ppid", "1");
	check_value(entry, "unit", caller->unit);
	check_value(entry, "claims", "uid");
	check_value(entry, "conf", input->subject.conf);
}

static void check_decision(const struct input *input, const struct entry *entry)
{
	const struct filter *filter = input->decision.filter;
	bool allowed = input->decision.verdict == VERDICT_ALLOW;
	CLEANUP(strbuf_free) struct strbuf source = { 0 };

	if (filter)
		strbuf_append_format(&source, "%s:%u", filter->file, filter->line);
	check_value(entry, "filter", filter ? filter->name : NULL);
	check_value(entry, "src", source.text);
	check_value(entry, "runas", filter ? filter->run_as : NULL);
	check_value(entry, "ctx", filter ? filter->context->name : NULL);
	check_value(entry, "caps", allowed ? "cap_chown" : NULL);
	check_value(entry, "exe", input->decision.program);
	check_value(entry, "reason", allowed ? NULL : "no-match");
}

static void check_facts(const struct input *input, const struct entry *entry)
{
	FUZZ_ASSERT(strcmp(entry->kind, kind_of(input)) == 0);
	FUZZ_ASSERT(strcmp(entry->id, input->subject.id) == 0);
	check_caller(input, entry);
	if (!(input->choice & IS_ERROR)) {
		check_decision(input, entry);
		return;
	}
	check_value(entry, "reason", "bad-config");
	check_value(entry, "path", input->failure.path);
	check_value(entry, "line", "7");
	check_value(entry, "detail", input->failure.detail);
}

static bool add_line(struct assembly *assembly, const char *record, struct assembled *done)
{
	static const struct entry_clock clock = { .now = 0 };
	CLEANUP(strbuf_free) struct strbuf line = { 0 };
	struct arena arena = { 0 };
	struct entry entry;
	bool given;

	FUZZ_ASSERT(strlen(record) <= RECORD_MAX);
	for (const char *c = record; *c; c++)
		FUZZ_ASSERT(*c >= 0x20 && *c <= 0x7e);
	strbuf_append_format(&line, "2026-11-26T05:34:21.123456Z host privsep-wrap[12]: %s", record);
	FUZZ_ASSERT(entry_read(line.text, line.length, &clock, &arena, &entry) == ENTRY_RECORD);
	given = assembly_add(assembly, &entry, done);
	arena_free(&arena);
	return given;
}

static void check_record(const struct input *input, const struct record *record)
{
	/* An error waits for nothing before it. */
	bool backwards = (input->choice & (BACKWARDS | IS_ERROR)) == BACKWARDS;
	size_t lost = input->choice & LOSES_ONE ? input->choice / 16 % record->count : record->count;
	struct assembly assembly = { 0 };
	struct assembled done;

	for (size_t i = 0; i < record->count; i++) {
		size_t part = backwards ? record->count - 1 - i : i;

		if (part == lost)
			continue;
		if (!add_line(&assembly, record->parts[part], &done))
			continue;
		FUZZ_ASSERT(i + 1 == record->count && lost == record->count);
		check_words(input, &done);
		check_facts(input, &done.entry);
	}
	if (assembly_take_incomplete(&assembly, &done))
		FUZZ_ASSERT(lost < record->count && done.missing == 1);
	assembly_free(&assembly);
}

/* An allowed one has a filter always. */
static void make_decision(struct input *input)
{
	bool allowed = input->choice & IS_ALLOWED;

	input->context.name = input->strings[4];
	input->filter = (struct filter){
		.name = input->strings[1],
		.file = input->strings[3],
		.line = 7,
		.run_as = input->strings[0],
		.context = &input->context,
	};
	input->decision = (struct decision){
		.verdict = allowed ? VERDICT_ALLOW : VERDICT_DENY,
		.reason = allowed ? REASON_NONE : REASON_NO_MATCH,
		.filter = allowed || input->choice & HAS_FILTER ? &input->filter : NULL,
		.program = allowed ? input->strings[2] : NULL,
	};
}

static void read_input(struct input *input, const char *bytes, size_t size)
{
	input->choice = (unsigned char)bytes[0];
	for (size_t i = 1; i <= size; i += strlen(bytes + i) + 1)
		input->strings[input->count++] = bytes + i;
	if (input->count <= FACTS)
		return;
	input->request = (struct request){
		.argc = input->count - FACTS,
		.argv = input->strings + FACTS,
		.cwd = input->strings[2],
		.caller = { .uid = 1001, .user = input->strings[0], .unit = input->strings[1], .parent = 1,
			    .session = "3", .terminal = input->strings[4], .uid_is_claim = true },
	};
	input->subject = (struct record_subject){
		.id = "0123456789ab",
		.request = &input->request,
		.arguments = input->request.argv,
		.conf = input->strings[3],
		.form = input->choice & AS_JSON ? &record_form_json : &record_form_text,
	};
	input->failure = (struct record_error){
		.reason = "bad-config",
		.path = input->strings[4],
		.line = 7,
		.detail = input->strings[3],
	};
	make_decision(input);
}

/* The record of how the command ended: one line without a command. */
static void check_exit(const struct input *input, struct arena *arena)
{
	struct assembly assembly = { 0 };
	struct assembled done;
	struct record record =
		record_exit(&input->subject, &input->filter, (int)(input->choice << 8), false, 12, arena);
	CLEANUP(strbuf_free) struct strbuf status = { 0 };

	strbuf_append_format(&status, "%u", input->choice);
	FUZZ_ASSERT(record.count == 1 && add_line(&assembly, record.parts[0], &done));
	FUZZ_ASSERT(strcmp(done.entry.kind, "exit") == 0 && strcmp(done.entry.id, input->subject.id) == 0);
	check_value(&done.entry, "filter", input->filter.name);
	check_value(&done.entry, "status", status.text);
	check_value(&done.entry, "signal", NULL);
	check_value(&done.entry, "ms", "12");
	assembly_free(&assembly);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	const char *bytes = arena_copy(&arena, (const char *)data, size);
	struct input input = { .strings = arena_allocate(&arena, size + 2, sizeof(*input.strings)) };

	if (size > 0 && size <= REQUEST_MAX_BYTES)
		read_input(&input, bytes, size);
	if (input.count > FACTS) {
		struct record record =
			input.choice & IS_ERROR ?
				record_failure(&input.subject, &input.failure, &arena) :
				record_decision(&input.subject, &input.decision, CAPABILITY(0), &arena);

		check_record(&input, &record);
		check_exit(&input, &arena);
	}
	arena_free(&arena);
	return 0;
}
