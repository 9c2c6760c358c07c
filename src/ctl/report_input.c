#include "ctl/report_input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/descriptor.h"
#include "base/quote.h"

enum {
	CHUNK = 1 << 16,
	PROGRESS_PERIOD = 1000, /* milliseconds */
};

struct input {
	struct report_reader *reader;
	struct strbuf line;     /* the part of it that has been read */
	bool cut;
	uint64_t bytes;
	uint64_t total;         /* 0: unknown */
	long shown;             /* when the progress was last shown, or reading began; milliseconds */
	bool visible;
};

/* Forms in which logs are kept that are not lines. */
static const struct {
	const char *magic;
	size_t length;
	const char *cure;
} packed[] = {
	{ "\x1f\x8b", 2, "it is compressed: zcat FILE | privsep-wrapctl report -" },
	{ "\xfd" "7zXZ", 5, "it is compressed: xzcat FILE | privsep-wrapctl report -" },
	{ "\x28\xb5\x2f\xfd", 4, "it is compressed: zstdcat FILE | privsep-wrapctl report -" },
	{ "BZh", 3, "it is compressed: bzcat FILE | privsep-wrapctl report -" },
	{ "LPKSHHRH", 8, "it is a journal: journalctl --file=FILE -t privsep-wrap -o json | privsep-wrapctl report -" },
};

static const char *cure_for(const char *bytes, size_t length)
{
	for (size_t i = 0; i < ARRAY_LENGTH(packed); i++) {
		if (length >= packed[i].length && memcmp(bytes, packed[i].magic, packed[i].length) == 0)
			return packed[i].cure;
	}
	return NULL;
}

static int fail(struct error *error, const char *file, const char *why)
{
	CLEANUP(strbuf_free) struct strbuf name = { 0 };

	if (strcmp(file, "-") == 0)
		strbuf_append_string(&name, "standard input");
	else
		quote_append_word(&name, file);
	return error_set(error, "%s: %s", name.text, why);
}

static void show_progress(struct input *input)
{
	long now = clock_milliseconds();

	if (!input->reader->show_progress || now - input->shown < PROGRESS_PERIOD)
		return;
	input->shown = now;
	input->visible = true;
	fprintf(stderr, "\r%llu", (unsigned long long)(input->bytes >> 20));
	if (input->total > 0)
		fprintf(stderr, " of %llu", (unsigned long long)(input->total >> 20));
	fprintf(stderr, " MiB, %llu records\033[K", (unsigned long long)input->reader->records);
}

static void clear_progress(struct input *input)
{
	if (input->visible)
		fputs("\r\033[K", stderr);
	input->visible = false;
}

static void end_line(struct input *input)
{
	input->reader->take(input->reader, strbuf_text(&input->line), input->line.length, input->cut);
	input->line.length = 0;
	input->cut = false;
}

static void take_bytes(struct input *input, const char *bytes, size_t length)
{
	while (length > 0) {
		const char *newline = memchr(bytes, '\n', length);
		size_t here = newline ? (size_t)(newline - bytes) : length;
		size_t room = REPORT_LINE_MAX - input->line.length;

		strbuf_append(&input->line, bytes, here < room ? here : room);
		input->cut = input->cut || here > room;
		if (newline) {
			end_line(input);
			here++;
		}
		bytes += here;
		length -= here;
	}
}

static ssize_t read_chunk(int descriptor, char *bytes, size_t wanted)
{
	ssize_t length;

	do
		length = read(descriptor, bytes, wanted);
	while (length < 0 && errno == EINTR);
	return length;
}

static int read_lines(struct input *input, const char *file, int descriptor, struct error *error)
{
	char bytes[CHUNK];
	ssize_t length;
	bool first = true;

	while ((length = read_chunk(descriptor, bytes, sizeof(bytes))) > 0) {
		const char *cure = first ? cure_for(bytes, (size_t)length) : NULL;

		if (cure)
			return fail(error, file, cure);
		first = false;
		input->bytes += (uint64_t)length;
		take_bytes(input, bytes, (size_t)length);
		show_progress(input);
	}
	if (length < 0)
		return fail(error, file, strerror(errno));
	if (input->line.length > 0)
		end_line(input);
	return 0;
}

static int read_file(struct input *input, const char *file, struct error *error)
{
	CLEANUP(descriptor_close) int descriptor = -1;

	if (strcmp(file, "-") == 0)
		return read_lines(input, file, STDIN_FILENO, error);
	descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (descriptor < 0)
		return fail(error, file, strerror(errno));
	return read_lines(input, file, descriptor, error);
}

/* The size of all of them, if it is known of each. */
static uint64_t total_size(char *const *files, size_t count)
{
	uint64_t total = 0;

	for (size_t i = 0; i < count; i++) {
		struct stat status;
		int result = strcmp(files[i], "-") == 0 ? fstat(STDIN_FILENO, &status) : stat(files[i], &status);

		if (result < 0 || !S_ISREG(status.st_mode))
			return 0;
		total += (uint64_t)status.st_size;
	}
	return total;
}

int report_read_files(struct report_reader *reader, char *const *files, size_t count, struct error *error)
{
	struct input input = { .reader = reader, .total = total_size(files, count), .shown = clock_milliseconds() };
	int result = 0;

	for (size_t i = 0; i < count && result == 0; i++)
		result = read_file(&input, files[i], error);
	clear_progress(&input);
	strbuf_free(&input.line);
	return result;
}
