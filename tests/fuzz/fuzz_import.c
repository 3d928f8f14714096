/* Whatever stands in a file that an office imports: its rows are read, or
 * refused with a report that names a place. The first byte says whether the
 * rows' type is said beforehand, the language, and whether a heading with all
 * columns of the type is put before the rest; a heading in the input itself is
 * cut after some columns, since each that nobody knows is held against all that
 * there are. No spool: what is read is not saved.
 *
 * Every name of a column is held against every label of the product; the keys
 * of those are made once, and the linker puts them in the place of making them
 * again. The key of what stands in the file is always made. */
#include "agent/source/import.h"
#include "common/base/check.h"
#include "common/base/text.h"
#include "tests/support/world.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define HEADING_CUT       80u /* bytes */
#define PIECE_BYTES       61u
#define LABEL_CELLS       4096u /* more than twice the labels that there are */
#define KEY_BYTES_MAX     256u
#define TYPES             23u /* and none */
#define HEADING_BYTES_MAX 4096u

struct label {
    const char *text; /* NULL: a free cell */
    char key[KEY_BYTES_MAX];
    size_t length;
};

static struct label labels[LABEL_CELLS];
static size_t label_count;
static struct world world;
static struct clock_settable now = {.wall_us =
                                        INT64_C(1546300800) * CLOCK_US_PER_S};

enum status __real_text_match_key(const char *text, size_t size,
                                  bool without_type, char *out, size_t room,
                                  size_t *length);
enum status __wrap_text_match_key(const char *text, size_t size,
                                  bool without_type, char *out, size_t room,
                                  size_t *length);

/* The cell of a label, or the free one where it belongs. */
static struct label *cell_of(const char *text)
{
    size_t i = (uintptr_t)text * 31 / 8 % LABEL_CELLS;

    while (labels[i].text != NULL && labels[i].text != text) {
        i = (i + 1) % LABEL_CELLS;
    }
    return &labels[i];
}

enum status __wrap_text_match_key(const char *text, size_t size,
                                  bool without_type, char *out, size_t room,
                                  size_t *length)
{
    const struct label *label = cell_of(text);

    if (label->text == NULL || without_type || length != NULL ||
        room <= label->length) {
        return __real_text_match_key(text, size, without_type, out, room,
                                     length);
    }
    memcpy(out, label->key, label->length + 1);
    return STATUS_OK;
}

static void add_label(const char *text)
{
    struct label *label = cell_of(text);

    if (text == NULL || label->text != NULL) {
        return;
    }
    check(++label_count < LABEL_CELLS / 2);
    check(__real_text_match_key(text, strlen(text), false, label->key,
                                KEY_BYTES_MAX, &label->length) == STATUS_OK);
    label->text = text;
}

static void add_labels(struct language_text text)
{
    add_label(text.vi);
    add_label(text.en);
}

static void make_labels(void)
{
    size_t count = 0;
    const struct catalogue_type *types = catalogue_types(&count);

    for (size_t i = 0; i < count; i++) {
        add_labels(types[i].label);
        add_labels(types[i].date_label);
        for (size_t k = 0; k < types[i].field_count; k++) {
            const struct catalogue_field *field = &types[i].fields[k];
            const struct catalogue_enumeration *list = field->enumeration;

            add_labels(field->label);
            for (size_t v = 0; list != NULL && v < list->value_count; v++) {
                add_labels(list->values[v].label);
            }
        }
    }
    const struct catalogue_field *header = catalogue_header(&count);
    for (size_t i = 0; i < count; i++) {
        add_labels(header[i].label);
    }
}

static enum status import_all(struct import *import, struct bytes text)
{
    enum status rc = STATUS_OK;

    while (rc == STATUS_OK && text.size > 0) {
        size_t size = text.size < PIECE_BYTES ? text.size : PIECE_BYTES;

        rc = import_feed(import, (struct bytes){text.data, size});
        text.data += size;
        text.size -= size;
    }
    return rc;
}

/* A line with the names of the type's columns; of a few that every type has,
 * and the type's, when it is not said beforehand. */
static struct bytes heading_of(const struct catalogue_type *type)
{
    static char text[HEADING_BYTES_MAX];
    size_t used = 0;

    if (type == NULL) {
        return bytes_of_text("type,occurred_on,subject_unit,programme\n");
    }
    used = (size_t)snprintf(text, sizeof text, "%s,%s", type->date_name,
                            type->unit_name);
    for (size_t i = 0; i < type->field_count; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, ",%s",
                                 type->fields[i].name);
        check(used < sizeof text - 1);
    }
    text[used] = '\n';
    return (struct bytes){(const uint8_t *)text, used + 1};
}

static enum status import_input(struct import *import,
                                const struct catalogue_type *type, bool heading,
                                struct bytes text)
{
    enum status rc;

    if (heading) {
        rc = import_all(import, heading_of(type));
    } else if (text.size <= HEADING_CUT) {
        return import_all(import, text);
    } else {
        rc = import_all(import, (struct bytes){text.data, HEADING_CUT});
        text.data += HEADING_CUT;
        text.size -= HEADING_CUT;
        if (rc == STATUS_OK) {
            rc = import_all(import, bytes_of_text("\n"));
        }
    }
    return rc == STATUS_OK ? import_all(import, text) : rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct report report;
    struct clock clock;
    struct import *import = NULL;
    struct import_counts counts;
    struct source source;
    struct import_options options = {
        .source = &source, .name = "fuzz.csv", .report = &report};
    enum status rc;

    if (world.context == NULL) {
        world_open(&world, WORLD_PLAN, NULL);
        make_labels();
    }
    if (size == 0) {
        return 0;
    }
    clock_init_settable(&clock, &now);
    source =
        (struct source){.context = world.context,
                        .agent = context_agent(world.context, 1),
                        .clock = &clock,
                        .language = data[0] & 1u ? LANGUAGE_EN : LANGUAGE_VI};
    /* 0: the file has a column for it. */
    options.type = catalogue_type((uint32_t)(data[0] >> 1) % TYPES);
    report_init(&report, source.language);
    check(import_new(&options, &import) == STATUS_OK);
    rc = import_input(import, options.type, data[0] / 2u / TYPES % 2u == 1,
                      (struct bytes){data + 1, size - 1});
    if (rc == STATUS_OK) {
        rc = import_finish(import, &counts);
    }
    /* A refusal of the whole has its reason. */
    check(rc == STATUS_OK || rc == STATUS_MEMORY || report.errors > 0);
    import_free(&import);
    report_fini(&report);
    return 0;
}
