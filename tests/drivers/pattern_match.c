/*
 * What patterns match, for the comparison with Python.
 *
 * Input: for each pattern a frame with it, the number of its subjects and a
 * frame for each.  Output: for each pattern one line: "refused REASON", or
 * "usable" and a letter for each subject:
 *
 *     m  match        n  no match
 *     u  unusable     l  limit reached     f  failed
 */
#include "base/strbuf.h"
#include "frame.h"
#include "pattern/pattern.h"

static char letter_of(enum pattern_result result)
{
	static const char letters[] = {
		[PATTERN_NO_MATCH] = 'n', [PATTERN_MATCH] = 'm', [PATTERN_UNUSABLE] = 'u',
		[PATTERN_LIMIT] = 'l',    [PATTERN_FAILED] = 'f',
	};

	return letters[result];
}

/* Returns -1 if the input ends too early. */
static int match_subjects(const char *pattern, struct strbuf *letters)
{
	uint32_t count;

	if (!frame_read_number(&count))
		return -1;
	for (; count > 0; count--) {
		struct error error;
		uint32_t length;
		char *subject = frame_read_bytes(&length);

		if (!subject)
			return -1;
		strbuf_append_char(letters, letter_of(pattern_match(pattern, subject, &error)));
		free(subject);
	}
	return 0;
}

static int answer(const char *pattern)
{
	CLEANUP(strbuf_free) struct strbuf letters = { 0 };
	struct error error;

	if (match_subjects(pattern, &letters) < 0)
		return -1;
	if (pattern_check(pattern, &error) < 0)
		printf("refused %s\n", error.text);
	else
		printf("usable %s\n", strbuf_text(&letters));
	fflush(stdout);
	return 0;
}

int main(void)
{
	char *pattern;
	uint32_t length;
	int status = 0;

	while (status == 0 && (pattern = frame_read_bytes(&length)) != NULL) {
		status = answer(pattern);
		free(pattern);
	}
	return status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
