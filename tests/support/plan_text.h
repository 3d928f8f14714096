/* plan_text - a plan file's text with some of its words changed.
 *
 * Flow     test -> [plan_text] -> plan_load(), world_plan()
 * Owns     nothing; the caller frees what is given.
 * Threads  any.
 */
#ifndef TALLYLINE_TESTS_PLAN_TEXT_H
#define TALLYLINE_TESTS_PLAN_TEXT_H

/* The text with every `from` put as `to`; fails the test when there is none.
 * Gives. */
char *plan_text_with(const char *text, const char *from, const char *to);

#endif
