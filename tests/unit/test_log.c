#include "common/base/log.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int pipe_fds[2];
static struct clock_settable now = {.wall_us = 1000000, .monotonic_us = 1};
static struct clock test_clock;

static void setup(void)
{
    cr_assert_eq(pipe(pipe_fds), 0);
    clock_init_settable(&test_clock, &now);
    log_init(&(struct log_settings){.fd = pipe_fds[1],
                                    .level = LOG_LEVEL_INFO,
                                    .form = LOG_FORM_AUTO,
                                    .clock = &test_clock});
}

/* All that was written since the last call, as one string. */
static const char *written(void)
{
    static char text[65536];
    ssize_t size;

    cr_assert_eq(write(pipe_fds[1], "", 1), 1);
    size = read(pipe_fds[0], text, sizeof text);
    cr_assert_gt(size, 0);
    return text;
}

TestSuite(log, .init = setup);

Test(log, a_line_off_a_terminal_is_logfmt_with_the_journal_priority)
{
    static const uint8_t id[] = {0xab, 0x01};

    log_info("batch admitted", log_number("count", -3), log_text("unit", "a b"),
             log_hex("id", (struct bytes){.data = id, .size = 2}),
             log_status("status", STATUS_NOT_FOUND));
    cr_assert_str_eq(written(), "<6>module=test_log msg=\"batch admitted\" "
                                "count=-3 unit=\"a b\" id=ab01 "
                                "status=NOT_FOUND\n");
}

Test(log, levels_above_the_set_one_are_left_out)
{
    log_debug("no");
    log_error("e");
    log_warning("w");
    cr_assert_str_eq(written(), "<3>module=test_log msg=e\n"
                                "<4>module=test_log msg=w\n");
}

Test(log, no_text_can_forge_a_line_or_a_field)
{
    log_info("m", log_text("a", "x\n<2>module=y"), log_text("b", "\"q\\"),
             log_text("c", ""), log_text("d", NULL));
    cr_assert_str_eq(written(), "<6>module=test_log msg=m "
                                "a=\"x?<2>module=y\" b=\"\\\"q\\\\\" "
                                "c=\"\" d=\"\"\n");
}

Test(log, i11_a_long_line_is_cut_and_still_ends)
{
    char text[2 * LOG_LINE_BYTES_MAX];
    const char *line;

    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    log_info("m", log_text("a", text));
    line = written();
    cr_assert_eq(strlen(line), LOG_LINE_BYTES_MAX);
    cr_assert_eq(line[LOG_LINE_BYTES_MAX - 1], '\n');
}

Test(log, i11_one_place_is_held_back_after_its_burst_and_says_how_often)
{
    char expected[128];
    const char *text;
    unsigned lines = 0;

    for (unsigned i = 0; i < LOG_SITE_BURST + 6; i++) {
        if (i == LOG_SITE_BURST + 5) {
            clock_settable_advance(&now, LOG_SITE_WINDOW_US);
        }
        log_info("again");
    }
    text = written();
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++) {
        lines++;
    }
    cr_assert_eq(lines, LOG_SITE_BURST + 1);
    (void)snprintf(expected, sizeof expected,
                   "<6>module=test_log msg=again left_out=%u\n", 5u);
    cr_assert_str_eq(text + strlen(text) - strlen(expected), expected);
}

Test(log, on_a_terminal_a_line_begins_with_time_and_level)
{
    log_init(&(struct log_settings){.fd = pipe_fds[1],
                                    .level = LOG_LEVEL_DEBUG,
                                    .form = LOG_FORM_TERMINAL,
                                    .clock = &test_clock});
    log_debug("m");
    cr_assert_str_eq(written(), "00:00:01Z debug   module=test_log msg=m\n");
}

Test(log, the_level_can_be_changed_later)
{
    log_init(&(struct log_settings){
        .fd = pipe_fds[1], .level = LOG_LEVEL_INFO, .clock = &test_clock});
    log_set_level(LOG_LEVEL_WARNING);
    log_info("left out");
    log_set_level(LOG_LEVEL_DEBUG);
    log_debug("m");
    cr_assert_str_eq(written(), "<7>module=test_log msg=m\n");
}

static void *log_many(void *context)
{
    (void)context;
    for (unsigned i = 0; i < 200; i++) {
        log_info("together", log_number("i", i));
    }
    return NULL;
}

Test(log, lines_of_threads_never_mix)
{
    pthread_t threads[4];
    char *text;
    size_t lines = 0;

    log_init(&(struct log_settings){
        .fd = pipe_fds[1], .level = LOG_LEVEL_INFO, .form = LOG_FORM_AUTO});
    for (size_t i = 0; i < 4; i++) {
        cr_assert_eq(pthread_create(&threads[i], NULL, log_many, NULL), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        cr_assert_eq(pthread_join(threads[i], NULL), 0);
    }
    text = strdup(written());
    for (char *line = strtok(text, "\n"); line != NULL;
         line = strtok(NULL, "\n")) {
        cr_assert(strncmp(line, "<6>module=test_log msg=together i=", 34) == 0,
                  "%s", line);
        cr_assert_null(strchr(line + 1, '<'), "%s", line);
        lines++;
    }
    cr_assert_geq(lines, LOG_SITE_BURST);
    free(text);
}
