/*
 * What a syslog daemon has written, once it has written all that it was given.
 *
 *	audit_log mark FILE             the number of lines
 *	audit_log records FILE SEEN     privsep-wrap's records that come after so many lines
 *
 * A daemon keeps the order: a message of our own is sent to /dev/log, and when
 * it stands in FILE, so does everything that was sent before.  Exits 1 when it
 * does not come within ten seconds.  In C, because the tests ask some thousand
 * times and each process takes milliseconds.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 10000, PAUSE_MS = 1 };

static void send_mark(const char *mark)
{
	const struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/dev/log" };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
	    send(fd, mark, strlen(mark), MSG_NOSIGNAL) < 0) {
		perror("audit_log: /dev/log");
		exit(1);
	}
	close(fd);
}

static bool is_record(const char *line)
{
	static const char tag[] = ">privsep-wrap";

	if (*line++ != '<')
		return false;
	line += strspn(line, "0123456789");
	if (strncmp(line, tag, strlen(tag)) != 0)
		return false;
	line += strlen(tag);
	return *line == '[' || *line == ':';
}

/* The line that holds the mark, the first being 1; 0 if there is none.  Prints the records after `seen` lines. */
static size_t find_mark(FILE *file, const char *mark, size_t seen, bool printing)
{
	static char *line;
	static size_t room;
	ssize_t length;

	rewind(file);
	for (size_t number = 1; (length = getline(&line, &room, file)) > 0; number++) {
		if (line[length - 1] != '\n')
			break;
		if (strstr(line, mark))
			return number;
		if (printing && number > seen && is_record(line))
			fwrite(line, 1, (size_t)length, stdout);
	}
	return 0;
}

int main(int argc, char **argv)
{
	const struct timespec pause = { .tv_nsec = PAUSE_MS * 1000000 };
	bool printing = argc == 4 && strcmp(argv[1], "records") == 0;
	size_t seen = printing ? strtoul(argv[3], NULL, 10) : 0, found = 0;
	struct timespec now;
	char mark[128];
	FILE *file;

	if (!printing && (argc != 3 || strcmp(argv[1], "mark") != 0)) {
		fputs("usage: audit_log mark FILE | records FILE SEEN\n", stderr);
		return 2;
	}
	clock_gettime(CLOCK_REALTIME, &now);
	snprintf(mark, sizeof(mark), "<13>sandbox: mark-%ld-%lld-%ld;", (long)getpid(), (long long)now.tv_sec,
		 now.tv_nsec);
	send_mark(mark);
	for (int waited = 0; !found && waited < PATIENCE_MS; waited += PAUSE_MS) {
		file = fopen(argv[2], "r");
		found = file ? find_mark(file, strchr(mark, 'm'), seen, false) : 0;
		if (found && printing)
			find_mark(file, strchr(mark, 'm'), seen, true);
		if (file)
			fclose(file);
		if (!found)
			nanosleep(&pause, NULL);
	}
	if (!found)
		fputs("audit_log: the syslog daemon does not take messages\n", stderr);
	else if (!printing)
		printf("%zu\n", found);
	return found ? 0 : 1;
}
