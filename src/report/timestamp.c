#include "report/timestamp.h"

#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "base/ascii.h"
#include "base/attributes.h"
#include "report/calendar.h"

enum {
	MICROSECONDS = 1000000,
	DAY = 24 * 60 * 60,
	SEARCHED_YEARS = 9, /* 29 February may be that long ago: 1900 had none */
	FIRST_YEAR = 1970,
};

/* A time as it stands in the text. */
struct written {
	struct tm tm;
	int microseconds;
};

/* Reads exactly so many digits. */
static bool read_digits(const char **at, int count, int *value)
{
	*value = 0;
	for (int i = 0; i < count; i++, (*at)++) {
		if (!ascii_is_digit(**at))
			return false;
		*value = *value * 10 + (**at - '0');
	}
	return true;
}

static bool read_char(const char **at, char c)
{
	if (**at != c)
		return false;
	(*at)++;
	return true;
}

static bool read_fraction(const char **at, int *microseconds)
{
	int digits = 0;

	*microseconds = 0;
	if (**at != '.' && **at != ',')
		return true;
	for ((*at)++; ascii_is_digit(**at); (*at)++, digits++) {
		if (digits < 6)
			*microseconds = *microseconds * 10 + (**at - '0');
	}
	for (int i = digits; i < 6; i++)
		*microseconds *= 10;
	return digits > 0;
}

/* "05:34:21" and its fraction. */
static bool read_clock(const char **at, struct written *written)
{
	struct tm *tm = &written->tm;

	return read_digits(at, 2, &tm->tm_hour) && tm->tm_hour <= 23 && read_char(at, ':') &&
	       read_digits(at, 2, &tm->tm_min) && tm->tm_min <= 59 && read_char(at, ':') &&
	       read_digits(at, 2, &tm->tm_sec) && tm->tm_sec <= 60 && read_fraction(at, &written->microseconds);
}

/* "2026-11-26" */
static bool read_date(const char **at, struct written *written)
{
	struct tm *tm = &written->tm;
	bool read = read_digits(at, 4, &tm->tm_year) && read_char(at, '-') &&
		    read_digits(at, 2, &tm->tm_mon) && read_char(at, '-') && read_digits(at, 2, &tm->tm_mday);

	tm->tm_year -= 1900;
	tm->tm_mon--;
	return read && tm->tm_year >= FIRST_YEAR - 1900;
}

static bool to_time(const struct written *written, bool local, int64_t *time)
{
	struct tm tm = written->tm;
	int64_t seconds;

	if (!calendar_has(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) || !calendar_seconds(&tm, local, &seconds))
		return false;
	*time = seconds * MICROSECONDS + written->microseconds;
	return true;
}

/* "+01:00", "+0100" or "+01" */
static bool read_offset(const char **at, int64_t *seconds)
{
	int sign = **at == '-' ? -1 : 1;
	int hours;
	int minutes = 0;

	(*at)++;
	if (!read_digits(at, 2, &hours))
		return false;
	if (read_char(at, ':') || ascii_is_digit(**at)) {
		if (!read_digits(at, 2, &minutes))
			return false;
	}
	*seconds = (int64_t)sign * (hours * 3600 + minutes * 60);
	return hours <= 23 && minutes <= 59;
}

static bool read_iso(const char **at, int64_t now, int64_t *time)
{
	struct written written = { 0 };
	int64_t offset = 0;
	bool local = false;

	(void)now;
	if (!read_date(at, &written) || !read_char(at, 'T') || !read_clock(at, &written))
		return false;
	if (**at == '+' || **at == '-') {
		if (!read_offset(at, &offset))
			return false;
	} else {
		local = !read_char(at, 'Z');
	}
	if (!to_time(&written, local, time))
		return false;
	*time -= offset * MICROSECONDS;
	return true;
}

static bool read_full(const char **at, int64_t now, int64_t *time)
{
	struct written written = { 0 };
	size_t zone;
	bool utc;

	(void)now;
	*at += strcspn(*at, " ");
	if (!read_char(at, ' ') || !read_date(at, &written) || !read_char(at, ' ') || !read_clock(at, &written) ||
	    !read_char(at, ' '))
		return false;
	zone = strcspn(*at, " ");
	utc = zone == strlen("UTC") && strncmp(*at, "UTC", zone) == 0;
	*at += zone;
	return zone > 0 && to_time(&written, !utc, time);
}

/* Finds the last year with that day in which the time is not beyond a day after now. */
static bool infer_year(struct written *written, int64_t now, int64_t *time)
{
	time_t seconds = (time_t)(now / MICROSECONDS);
	struct tm today;

	if (!localtime_r(&seconds, &today) || today.tm_year < 0 || today.tm_year > 9999)
		return false;
	for (int back = -1; back < SEARCHED_YEARS; back++) {
		written->tm.tm_year = today.tm_year - back;
		if (to_time(written, true, time) && *time / MICROSECONDS <= seconds + DAY)
			return true;
	}
	return false;
}

/* "Nov 26 05:34:21", "Nov  6 05:34:21" */
static bool read_traditional(const char **at, int64_t now, int64_t *time)
{
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct written written = { .tm.tm_mon = -1 };

	for (int i = 0; i < 12; i++) {
		if (strncmp(*at, months[i], 3) == 0)
			written.tm.tm_mon = i;
	}
	if (written.tm.tm_mon < 0)
		return false;
	*at += 3;
	if (!read_char(at, ' ') || !read_digits(at, read_char(at, ' ') ? 1 : 2, &written.tm.tm_mday))
		return false;
	return read_char(at, ' ') && read_clock(at, &written) && infer_year(&written, now, time);
}

size_t timestamp_read(const char *text, int64_t now, int64_t *time)
{
	static bool (*const readers[])(const char **at, int64_t now, int64_t *time) = {
		read_traditional,
		read_iso,
		read_full,
	};

	for (size_t i = 0; i < ARRAY_LENGTH(readers); i++) {
		const char *at = text;

		if (readers[i](&at, now, time))
			return (size_t)(at - text);
	}
	return 0;
}
