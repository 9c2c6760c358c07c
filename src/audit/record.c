#include "audit/record.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>

#include "base/exit_status.h"
#include "policy/context.h"

enum { MAX_TEXT = 160 };        /* bytes of text for a person, and of each end of a command that is too long */

/* A record being put together. */
struct builder {
	const struct record_subject *subject;
	struct arena *arena;
	struct record_facts facts;
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

static void add_text(struct builder *builder, const char *key, const char *value)
{
	record_add_text(&builder->facts, key, value);
}

static void add_number(struct builder *builder, const char *key, unsigned long number)
{
	record_add_number(&builder->facts, key, number, builder->arena);
}

static struct builder begin(const struct record_subject *subject, const char *kind, struct arena *arena)
{
	return (struct builder){
		.subject = subject, .arena = arena, .facts = { .kind = kind, .id = subject->id },
	};
}

/* What the environment says and nobody vouches for. */
static const char *claims_of(const struct caller *caller)
{
	if (caller->uid_is_claim)
		return caller->user_is_claim ? "user,uid" : "uid";
	return caller->user_is_claim ? "user" : NULL;
}

static void add_subject(struct builder *builder)
{
	const struct record_subject *subject = builder->subject;
	const struct caller *caller = &subject->request->caller;
	const char *claims = claims_of(caller);

	add_text(builder, "user", caller->user);
	add_number(builder, "uid", caller->uid);
	record_add_digits(&builder->facts, "auid", caller->login_uid);
	record_add_digits(&builder->facts, "ses", caller->session);
	add_text(builder, "tty", caller->terminal);
	add_text(builder, "cwd", subject->request->cwd);
	add_number(builder, "ppid", (unsigned long)caller->parent);
	add_text(builder, "unit", caller->unit);
	if (claims)
		record_add_whole(&builder->facts, "claims", claims);
	add_text(builder, "conf", subject->conf);
}

static void add_filter(struct builder *builder, const struct filter *filter)
{
	const char *source = NULL;

	if (filter)
		source = arena_format(builder->arena, "%s:%u", filter->file, filter->line);
	add_text(builder, "filter", filter ? filter->name : NULL);
	add_text(builder, "src", source);
	add_text(builder, "runas", filter ? filter->run_as : NULL);
	add_text(builder, "ctx", filter ? filter->context->name : NULL);
}

/* A command that is refused for its length is told by its length, the end of its last argument and its beginning. */
static void add_too_long(struct builder *builder)
{
	const struct request *request = builder->subject->request;
	const char *const *arguments = builder->subject->arguments;
	size_t length = strnlen(arguments[0], MAX_TEXT);
	const char **words = arena_allocate(builder->arena, 2 * MAX_TEXT + 1, sizeof(*words));
	size_t count = 1;

	words[0] = arena_copy(builder->arena, arguments[0], length);
	while (count < request->argc && length + strlen(arguments[count]) < (size_t)2 * MAX_TEXT) {
		words[count] = arguments[count];
		length += strlen(arguments[count++]) + 1;
	}
	add_number(builder, "bytes", request_bytes(request));
	add_text(builder, "tail", arguments[request->argc - 1]);
	builder->facts.words = words;
	builder->facts.word_count = count;
}

static struct record finish(struct builder *builder)
{
	const struct request *request = builder->subject->request;

	if (request_bytes(request) > REQUEST_MAX_BYTES) {
		add_too_long(builder);
	} else {
		builder->facts.words = builder->subject->arguments;
		builder->facts.word_count = request->argc;
	}
	add_number(builder, "argc", request->argc);
	return record_write(&builder->facts, builder->subject->form, builder->arena);
}

static const char *capability_names(capability_set capabilities, struct arena *arena)
{
	CLEANUP(strbuf_free) struct strbuf names = { 0 };

	capability_append_set(&names, capabilities);
	return arena_string(arena, strbuf_text(&names));
}

struct record record_decision(const struct record_subject *subject, const struct decision *decision,
			      capability_set capabilities, struct arena *arena)
{
	bool allowed = decision->verdict == VERDICT_ALLOW;
	struct builder builder = begin(subject, allowed ? "allow" : "deny", arena);

	add_subject(&builder);
	add_filter(&builder, decision->filter);
	record_add_whole(&builder.facts, "caps", allowed ? capability_names(capabilities, arena) : NULL);
	add_text(&builder, "exe", allowed ? decision->program : NULL);
	if (!allowed)
		add_text(&builder, "reason", reason_name(decision->reason));
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
	struct builder builder = begin(subject, "exit", arena);

	add_text(&builder, "filter", filter->name);
	if (WIFEXITED(status) || timed_out)
		add_number(&builder, "status", timed_out ? EXIT_TIMED_OUT : (unsigned long)WEXITSTATUS(status));
	else
		add_text(&builder, "status", NULL);
	add_text(&builder, "signal", WIFSIGNALED(status) ? signal_name(WTERMSIG(status), arena) : NULL);
	add_number(&builder, "ms", (unsigned long)milliseconds);
	return record_write(&builder.facts, subject->form, arena);
}

static void add_owner_and_mode(struct builder *builder, const struct trust_problem *trust)
{
	if (!trust || !trust->judged)
		return;
	add_number(builder, "owner", trust->owner);
	add_text(builder, "mode", arena_format(builder->arena, "%04o", (unsigned)(trust->mode & 07777)));
}

struct record record_failure(const struct record_subject *subject, const struct record_error *failure,
			     struct arena *arena)
{
	struct builder builder = begin(subject, "error", arena);

	add_subject(&builder);
	add_text(&builder, "reason", failure->reason);
	if (failure->path)
		add_text(&builder, "path", failure->path);
	if (failure->line > 0)
		add_number(&builder, "line", failure->line);
	add_owner_and_mode(&builder, failure->trust);
	if (failure->detail)
		add_text(&builder, "detail", failure->detail);
	return finish(&builder);
}
