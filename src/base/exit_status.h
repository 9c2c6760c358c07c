#ifndef PSW_EXIT_STATUS_H
#define PSW_EXIT_STATUS_H

/*
 * What the wrapper itself ends with; a contract with its callers.  96 to 99 are
 * oslo.rootwrap's (RC_NOEXECFOUND ... RC_UNAUTHORIZED in its cmd.py); 126 and
 * 127 are the shell's.  Any other status is the command's own.
 */
enum exit_status {
	EXIT_NOT_CONFINED = 95,   /* the process could not be made safe or privileges not dropped */
	EXIT_NO_PROGRAM = 96,     /* a filter matched; its program is missing or not trusted */
	EXIT_BAD_CONFIG = 97,
	EXIT_NO_COMMAND = 98,
	EXIT_UNAUTHORIZED = 99,
	EXIT_TIMED_OUT = 124,
	EXIT_CANNOT_EXECUTE = 126,
	EXIT_NOT_FOUND = 127,
};

#endif
