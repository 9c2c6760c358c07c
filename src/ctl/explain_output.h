#ifndef PSW_CTL_EXPLAIN_OUTPUT_H
#define PSW_CTL_EXPLAIN_OUTPUT_H

#include "base/strbuf.h"
#include "match/decision.h"
#include "request/request.h"

/* A decision as one JSON object, without a newline: privsep-wrapctl(8) has its members. */
void explain_append_json(struct strbuf *buffer, const struct request *request, const struct decision *decision);

/* The same for a person. */
void explain_append_text(struct strbuf *buffer, const struct request *request, const struct decision *decision);

#endif
