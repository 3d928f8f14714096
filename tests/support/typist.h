/* typist - types events for an office, one text an event.
 *
 * Flow     test -> typist_read("type|field=value|...") -> event, or mistakes
 * Owns     the office of office_fixture, a spool and a context.
 * Threads  one.
 *
 * It is 2018-07-01. Every call fails the test when something cannot be done.
 */
#ifndef TALLYLINE_TESTS_TYPIST_H
#define TALLYLINE_TESTS_TYPIST_H

#include "agent/source/source.h"
#include "tests/support/office_fixture.h"

/* A visit that nothing is wrong with, in 7 cells. */
#define TYPIST_INSPECTION                                         \
    "inspection|inspected_on=2018-03-05|est_ref=@so-15|"          \
    "team_kind=interagency_178|team_level=district|mode=planned|" \
    "result=no_violation|violations=0"

struct typist {
    struct spool *spool; /* in a batch that has begun */
    struct context *context;
    struct clock_settable now;
    struct clock clock;
    struct source source; /* English, with keys */
    struct event event;   /* read last */
};

extern struct typist typist;

void typist_open(const struct office_fixture *fixture);
void typist_open_ba_dinh(void);
void typist_close(void);

/* "type|field=value|field=value ...", as source_read(). */
enum status typist_read(const char *text);
void typist_expect_good(const char *text);
/* One mistake, in the cell, with those words in it. */
void typist_expect_issue(const char *text, size_t cell, const char *words);

#endif
