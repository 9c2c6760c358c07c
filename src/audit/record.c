#include "audit/record.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>

#include "base/exit_status.h"
#include "base/quote.h"
#include "policy/context.h"

enum {
	MAX_VALUE = 160,        /* bytes of one value in a record: all of them together leave room for cmd */
	KEPT_PLAIN = MAX_VALUE - 5,     /* bytes that are kept of a longer one, beside "..." and '...' */
	KEPT_ESCAPED = 36,      /* the same where each may have to be escaped */
	MAX_ESCAPE = 4,         /* bytes that one byte can take when it is quoted */
};

/* A record being put together. */
struct builder {
	const struct record_subject *subject;
	struct arena *arena;
	struct strbuf head;     /* all but part and cmd */
	struct strbuf *pieces;  /* of the command: one for each part */
	size_t piece_count;
	size_t piece_capacity;
};

void record_make_id(char id[static RECORD_ID_SIZE])
{
	uint64_t value = 0;

	if (getrandom(&value, sizeof(value), GRND_NONBLOCK) != sizeof(value)) {
		struct timespec time;

		clock_gettime(CLOCK_REALTIME, &time); /* early at boot: unique is enough */
		value = (uint64_t)time.tv_sec << 20 ^ (uint64_t)time.tv_nsec;
	}
	snprintf(id, RECORD_ID_SIZE, "%012llx", (unsigned long long)(value & 0xffffffffffffULL));
}

static void append_key(struct strbuf *head, const char *key)
{
	strbuf_append_format(head, " %s=", key);
}

/* An unknown value is "-". */
static void append_value(struct strbuf *head, const char *key, const char *value)
{
	append_key(head, key);
	if (value)
		quote_append_word(head, value);
	else
		strbuf_append_char(head, '-');
}

/* Of a long value the end is kept, with "..." in front, which no path begins with. */
static void append_bounded(struct builder *builder, const char *key, const char *value)
{
	CLEANUP(strbuf_free) struct strbuf quoted = { 0 };

	if (value)
		quote_append_word(&quoted, value);
	if (quoted.length > MAX_VALUE) {
		size_t length = strlen(value);
		size_t kept = quoted.length <= length + strlen("''") ? KEPT_PLAIN : KEPT_ESCAPED;

		value = arena_format(builder->arena, "...%s", value + length - kept);
	}
	append_value(&builder->head, key, value);
}

static void append_number(struct strbuf *head, const char *key, unsigned long value)
{
	append_key(head, key);
	strbuf_append_format(head, "%lu", value);
}

static void append_subject(struct builder *builder, const char *kind)
{
	const struct record_subject *subject = builder->subject;
	const struct caller *caller = &subject->request->caller;
	struct strbuf *head = &builder->head;

	strbuf_append_string(head, kind);
	append_value(head, "id", subject->id);
	append_bounded(builder, "user", caller->user);
	append_number(head, "uid", caller->uid);
	append_value(head, "auid", caller->login_uid);
	append_value(head, "ses", caller->session);
	append_value(head, "tty", caller->terminal);
	append_bounded(builder, "cwd", subject->request->cwd);
	append_number(head, "ppid", (unsigned long)caller->parent);
	append_bounded(builder, "unit", caller->unit);
	append_bounded(builder, "conf", subject->conf);
}

static void append_filter(struct builder *builder, const struct filter *filter)
{
	const char *source = NULL;

	if (filter)
		source = arena_format(builder->arena, "%s:%u", filter->file, filter->line);
	append_bounded(builder, "filter", filter ? filter->name : NULL);
	append_bounded(builder, "src", source);
	append_bounded(builder, "runas", filter ? filter->run_as : NULL);
	append_bounded(builder, "ctx", filter ? filter->context->name : NULL);
}

static struct strbuf *new_piece(struct builder *builder)
{
	if (builder->piece_count == builder->piece_capacity) {
		size_t capacity = builder->piece_capacity > 0 ? builder->piece_capacity * 2 : 4;
		struct strbuf *pieces = arena_allocate(builder->arena, capacity, sizeof(*pieces));

		if (builder->piece_count > 0)
			memcpy(pieces, builder->pieces, builder->piece_count * sizeof(*pieces));
		builder->pieces = pieces;
		builder->piece_capacity = capacity;
	}
	return &builder->pieces[builder->piece_count++];
}

/* Bytes for cmd in a part: what the longest "more" or the head leaves. */
static size_t room_in(const struct builder *builder, size_t piece)
{
	static const char more[] = "more id=123456789012";
	size_t taken = piece == 0 ? builder->head.length : sizeof(more) - 1;

	taken += strlen(" part=4294967295/4294967295 cmd=");
	return taken < RECORD_MAX ? RECORD_MAX - taken : 0;
}

static void append_piece(struct builder *builder, const struct strbuf *text)
{
	struct strbuf *piece = &builder->pieces[builder->piece_count - 1];

	if (piece->length + text->length > room_in(builder, builder->piece_count - 1))
		piece = new_piece(builder);
	strbuf_append(piece, strbuf_text(text), text->length);
}

/* An argument too long for one part is cut; a shell joins the quoted pieces again. */
static void append_long_word(struct builder *builder, const char *word, bool first)
{
	size_t chunk = (room_in(builder, 1) - strlen(" $''")) / MAX_ESCAPE;

	for (size_t left = strlen(word); left > 0;) {
		CLEANUP(strbuf_free) struct strbuf text = { 0 };
		size_t length = left < chunk ? left : chunk;

		if (!first)
			strbuf_append_char(&text, ' ');
		quote_append_word(&text, arena_copy(builder->arena, word, length));
		append_piece(builder, &text);
		word += length;
		left -= length;
		first = true; /* no blank inside a word */
	}
}

static void append_word(struct builder *builder, const char *word, bool first)
{
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	if (!first)
		strbuf_append_char(&text, ' ');
	quote_append_word(&text, word);
	if (text.length <= room_in(builder, 1))
		append_piece(builder, &text);
	else
		append_long_word(builder, word, first);
}

/* A command that is refused for its length is told by its length, the end of its last argument and its beginning. */
static void append_too_long(struct builder *builder)
{
	const struct request *request = builder->subject->request;
	const char *const *arguments = builder->subject->arguments;
	const char *first = arguments[0];
	size_t length = strnlen(first, MAX_VALUE);

	append_number(&builder->head, "bytes", request_bytes(request));
	append_bounded(builder, "tail", arguments[request->argc - 1]);
	append_number(&builder->head, "argc", request->argc);
	new_piece(builder);
	append_word(builder, arena_copy(builder->arena, first, length), true);
	for (size_t i = 1; i < request->argc && length + strlen(arguments[i]) <= (size_t)2 * MAX_VALUE; i++) {
		append_word(builder, arguments[i], false);
		length += strlen(arguments[i]) + 1;
	}
}

static void append_command(struct builder *builder)
{
	const struct request *request = builder->subject->request;

	append_number(&builder->head, "argc", request->argc);
	new_piece(builder);
	for (size_t i = 0; i < request->argc; i++)
		append_word(builder, builder->subject->arguments[i], i == 0);
}

static struct record finish(struct builder *builder)
{
	struct record record = { 0 };

	if (request_bytes(builder->subject->request) > REQUEST_MAX_BYTES)
		append_too_long(builder);
	else
		append_command(builder);
	record.count = builder->piece_count;
	record.parts = arena_allocate(builder->arena, record.count, sizeof(*record.parts));
	for (size_t i = 0; i < record.count; i++) {
		const char *head = i == 0 ? builder->head.text :
					    arena_format(builder->arena, "more id=%s", builder->subject->id);
		const char *part = record.count == 1 ?
					   "" :
					   arena_format(builder->arena, " part=%zu/%zu", i + 1, record.count);

		record.parts[i] = arena_format(builder->arena, "%s%s cmd=%s", head, part,
					       strbuf_text(&builder->pieces[i]));
		strbuf_free(&builder->pieces[i]);
	}
	strbuf_free(&builder->head);
	return record;
}

struct record record_decision(const struct record_subject *subject, const struct decision *decision,
			      capability_set capabilities, struct arena *arena)
{
	struct builder builder = { .subject = subject, .arena = arena };
	bool allowed = decision->verdict == VERDICT_ALLOW;

	append_subject(&builder, allowed ? "allow" : "deny");
	append_filter(&builder, decision->filter);
	append_key(&builder.head, "caps");
	if (allowed)
		capability_append_set(&builder.head, capabilities);
	else
		strbuf_append_char(&builder.head, '-');
	append_bounded(&builder, "exe", allowed ? decision->program : NULL);
	if (!allowed)
		append_value(&builder.head, "reason", reason_name(decision->reason));
	return finish(&builder);
}

/* "KILL"; the number where a signal has no name, as the real-time ones. */
static const char *signal_name(int number, struct arena *arena)
{
	const char *name = sigabbrev_np(number);

	return name ? name : arena_format(arena, "%d", number);
}

struct record record_exit(const struct record_subject *subject, const struct filter *filter, int status, bool timed_out,
			  long milliseconds, struct arena *arena)
{
	struct builder builder = { .subject = subject, .arena = arena };
	struct record record = { .parts = arena_allocate(arena, 1, sizeof(*record.parts)), .count = 1 };
	struct strbuf *head = &builder.head;

	strbuf_append_string(head, "exit");
	append_value(head, "id", subject->id);
	append_bounded(&builder, "filter", filter->name);
	if (WIFEXITED(status) || timed_out)
		append_number(head, "status", timed_out ? EXIT_TIMED_OUT : (unsigned long)WEXITSTATUS(status));
	else
		append_value(head, "status", NULL);
	append_value(head, "signal", WIFSIGNALED(status) ? signal_name(WTERMSIG(status), arena) : NULL);
	append_number(head, "ms", (unsigned long)milliseconds);
	record.parts[0] = arena_string(arena, head->text);
	strbuf_free(head);
	return record;
}

static void append_owner_and_mode(struct strbuf *head, const struct trust_problem *trust)
{
	if (!trust || !trust->judged)
		return;
	append_number(head, "owner", trust->owner);
	append_key(head, "mode");
	strbuf_append_format(head, "%04o", (unsigned)(trust->mode & 07777));
}

struct record record_failure(const struct record_subject *subject, const struct record_error *failure,
			     struct arena *arena)
{
	struct builder builder = { .subject = subject, .arena = arena };

	append_subject(&builder, "error");
	append_value(&builder.head, "reason", failure->reason);
	if (failure->path)
		append_bounded(&builder, "path", failure->path);
	if (failure->line > 0)
		append_number(&builder.head, "line", failure->line);
	append_owner_and_mode(&builder.head, failure->trust);
	if (failure->detail)
		append_bounded(&builder, "detail", failure->detail);
	return finish(&builder);
}
