/* The tree is built from the parser's events, so that the limits hold while it
 * grows and anchors and aliases are seen before anything is copied.
 *
 * A mistake in the syntax ends the reading: what follows it would be guessed.
 * All other mistakes are noted and the reading goes on. */
#include "common/base/yaml.h"

#include "common/base/arena.h"
#include "common/base/check.h"
#include "common/base/text.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* Enough for the nodes and the texts of a file of YAML_BYTES_MAX in NFC. */
#define ARENA_BYTES_MAX (64u * 1024u * 1024u)

struct yaml {
    const char *name;
    struct report *report;
    struct arena *arena;
    const struct yaml_node *root;
    size_t nodes;
};

/* A list or mapping that is not closed yet. */
struct level {
    struct yaml_node *node;
    struct yaml_node *last; /* item or key added last */
    bool value_next;        /* the next node is the value of `last` */
};

struct builder {
    struct yaml *yaml;
    yaml_parser_t parser;
    struct level levels[YAML_DEPTH_MAX];
    size_t depth;
    size_t documents;
    char *scratch; /* text_room(TEXT_BYTES_MAX) bytes */
    char *joined;  /* TEXT_BYTES_MAX bytes */
    bool over;     /* the stream has ended, or reading on makes no sense */
};

static void mistake(const struct builder *builder, const yaml_mark_t *mark,
                    struct language_text text)
{
    report_add(builder->yaml->report, REPORT_ERROR, builder->yaml->name,
               mark->line + 1, mark->column + 1, "%s", "%s",
               language_pick(text, builder->yaml->report->language));
}

/* A mistake after which nothing can be read. */
static void fatal(struct builder *builder, const yaml_mark_t *mark,
                  struct language_text text)
{
    mistake(builder, mark, text);
    builder->over = true;
}

static enum status parse_failed(struct builder *builder)
{
    const yaml_parser_t *parser = &builder->parser;
    struct report *report = builder->yaml->report;
    const char *problem = parser->problem == NULL ? "?" : parser->problem;

    if (parser->error == YAML_MEMORY_ERROR) {
        return STATUS_MEMORY;
    }
    if (parser->error == YAML_READER_ERROR) {
        report_add(report, REPORT_ERROR, builder->yaml->name, 0, 0,
                   "không phải văn bản UTF-8 (byte thứ %zu): %s",
                   "not text in UTF-8 (byte %zu): %s",
                   parser->problem_offset + 1, problem);
    } else {
        report_add(report, REPORT_ERROR, builder->yaml->name,
                   parser->problem_mark.line + 1,
                   parser->problem_mark.column + 1,
                   "sai cú pháp YAML (kiểm tra thụt đầu dòng, dấu hai chấm, "
                   "dấu nháy): %s",
                   "wrong YAML syntax (look at indentation, colons, quotes): "
                   "%s",
                   problem);
    }
    builder->over = true;
    return STATUS_OK;
}

/* One line: line ends become blanks, none at the end. */
static size_t join_lines(struct builder *builder, const char *text, size_t size)
{
    size_t kept = 0;

    for (size_t i = 0; i < size; i++) {
        builder->joined[i] = text[i] == '\n' ? ' ' : text[i];
        if (builder->joined[i] != ' ') {
            kept = i + 1;
        }
    }
    return kept;
}

static enum status node_text(struct builder *builder, const yaml_event_t *event,
                             struct yaml_node *node)
{
    const char *text = (const char *)event->data.scalar.value;
    size_t size = event->data.scalar.length;
    size_t room = text_room(TEXT_BYTES_MAX);

    if (size > TEXT_BYTES_MAX) {
        mistake(
            builder, &event->start_mark,
            (struct language_text){"đoạn chữ quá dài", "the text is too long"});
        size = 0;
    }
    size = join_lines(builder, text, size);
    if (text_to_nfc(builder->joined, size, builder->scratch, room, &size,
                    NULL) != STATUS_OK) {
        mistake(builder, &event->start_mark,
                (struct language_text){
                    "đoạn chữ có ký tự điều khiển hoặc ký tự đổi chiều viết",
                    "the text holds control characters or marks that turn "
                    "the direction of writing"});
        size = 0;
    }
    node->text = arena_text(builder->yaml->arena, builder->scratch, size);
    node->size = size;
    return node->text == NULL ? STATUS_MEMORY : STATUS_OK;
}

/* A key: a text that the mapping does not have yet. */
static void add_key(struct builder *builder, struct level *level,
                    struct yaml_node *key)
{
    const struct yaml_node *node = level->node;

    if (key->kind != YAML_TEXT || key->size == 0) {
        yaml_error(builder->yaml, key, "tên khóa phải là một từ",
                   "a key must be a word");
    } else if (node->count == YAML_KEYS_MAX) {
        yaml_error(builder->yaml, key, "quá %u khóa", "more than %u keys",
                   YAML_KEYS_MAX);
        builder->over = true;
        return;
    }
    for (const struct yaml_node *other = node->first;
         key->kind == YAML_TEXT && other != NULL; other = other->next) {
        if (other->size == key->size && key->size > 0 &&
            memcmp(other->text, key->text, key->size) == 0) {
            yaml_error(
                builder->yaml, key, "khóa \"%s\" bị lặp (đã có ở dòng %u)",
                "key \"%s\" twice (first on line %u)", key->text, other->line);
            break;
        }
    }
}

/* Puts a new node where it belongs. */
static void attach(struct builder *builder, struct yaml_node *node)
{
    struct level *level;

    if (builder->depth == 0) {
        builder->yaml->root = node;
        return;
    }
    level = &builder->levels[builder->depth - 1];
    if (level->value_next) {
        level->last->value = node;
        level->value_next = false;
        return;
    }
    if (level->node->kind == YAML_MAPPING) {
        add_key(builder, level, node);
        level->value_next = true;
    }
    if (level->last == NULL) {
        level->node->first = node;
    } else {
        level->last->next = node;
    }
    level->last = node;
    level->node->count++;
}

static enum status add_node(struct builder *builder, const yaml_event_t *event,
                            enum yaml_kind kind)
{
    struct yaml_node *node;
    enum status rc = STATUS_OK;

    if (++builder->yaml->nodes > YAML_NODES_MAX) {
        fatal(builder, &event->start_mark,
              (struct language_text){"tệp có quá nhiều mục",
                                     "the file has too many items"});
        return STATUS_OK;
    }
    node = arena_give(builder->yaml->arena, sizeof *node);
    if (node == NULL) {
        return STATUS_MEMORY;
    }
    node->kind = kind;
    node->line = (uint32_t)event->start_mark.line + 1;
    node->column = (uint32_t)event->start_mark.column + 1;
    if (kind == YAML_TEXT) {
        rc = node_text(builder, event, node);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    attach(builder, node);
    if (kind == YAML_TEXT || builder->over) {
        return STATUS_OK;
    }
    if (builder->depth == YAML_DEPTH_MAX) {
        fatal(builder, &event->start_mark,
              (struct language_text){"các mục lồng nhau quá sâu",
                                     "the items are nested too deep"});
        return STATUS_OK;
    }
    builder->levels[builder->depth++] = (struct level){.node = node};
    return STATUS_OK;
}

static void refuse_extras(struct builder *builder, const yaml_event_t *event,
                          const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor != NULL) {
        mistake(builder, &event->start_mark,
                (struct language_text){"không dùng neo (&) trong tệp này",
                                       "anchors (&) are not taken here"});
    }
    if (tag != NULL) {
        mistake(builder, &event->start_mark,
                (struct language_text){"không dùng thẻ kiểu (!) trong tệp này",
                                       "tags (!) are not taken here"});
    }
}

static enum status take_event(struct builder *builder,
                              const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_STREAM_END_EVENT:
        builder->over = true;
        return STATUS_OK;
    case YAML_DOCUMENT_START_EVENT:
        if (++builder->documents > 1) {
            fatal(builder, &event->start_mark,
                  (struct language_text){"tệp có hơn một tài liệu (---)",
                                         "more than one document (---)"});
        }
        return STATUS_OK;
    case YAML_ALIAS_EVENT:
        fatal(builder, &event->start_mark,
              (struct language_text){"không dùng tham chiếu (*) trong tệp này",
                                     "aliases (*) are not taken here"});
        return STATUS_OK;
    case YAML_SCALAR_EVENT:
        refuse_extras(builder, event, event->data.scalar.anchor,
                      event->data.scalar.tag);
        return add_node(builder, event, YAML_TEXT);
    case YAML_SEQUENCE_START_EVENT:
        refuse_extras(builder, event, event->data.sequence_start.anchor,
                      event->data.sequence_start.tag);
        return add_node(builder, event, YAML_LIST);
    case YAML_MAPPING_START_EVENT:
        refuse_extras(builder, event, event->data.mapping_start.anchor,
                      event->data.mapping_start.tag);
        return add_node(builder, event, YAML_MAPPING);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        check(builder->depth > 0);
        builder->depth--;
        return STATUS_OK;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        break;
    }
    return STATUS_OK;
}

static enum status build(struct builder *builder, struct bytes text)
{
    enum status rc = STATUS_OK;

    if (yaml_parser_initialize(&builder->parser) == 0) {
        return STATUS_MEMORY;
    }
    yaml_parser_set_encoding(&builder->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(
        &builder->parser,
        text.data == NULL ? (const unsigned char *)"" : text.data, text.size);
    while (rc == STATUS_OK && !builder->over) {
        yaml_event_t event;

        if (yaml_parser_parse(&builder->parser, &event) == 0) {
            rc = parse_failed(builder);
        } else {
            rc = take_event(builder, &event);
            yaml_event_delete(&event);
        }
    }
    yaml_parser_delete(&builder->parser);
    return rc;
}

enum status yaml_load(const char *name, struct bytes text,
                      struct report *report, struct yaml **yaml)
{
    struct builder *builder = NULL;
    struct yaml *made = NULL;
    size_t errors = report->errors;
    enum status rc = STATUS_MEMORY;

    *yaml = NULL;
    if (text.size > YAML_BYTES_MAX) {
        report_add(report, REPORT_ERROR, name, 0, 0,
                   "tệp lớn quá %u byte; hãy tách bớt",
                   "the file is larger than %u bytes; split it",
                   YAML_BYTES_MAX);
        return STATUS_INVALID;
    }
    builder = calloc(1, sizeof *builder);
    made = calloc(1, sizeof *made);
    if (builder == NULL || made == NULL) {
        goto out;
    }
    made->name = name;
    made->report = report;
    builder->yaml = made;
    builder->scratch = malloc(text_room(TEXT_BYTES_MAX));
    builder->joined = malloc(TEXT_BYTES_MAX);
    rc = builder->scratch == NULL || builder->joined == NULL
             ? STATUS_MEMORY
             : arena_new(ARENA_BYTES_MAX, &made->arena);
    if (rc == STATUS_OK) {
        rc = build(builder, text);
    }
    if (rc == STATUS_OK && report->errors > errors) {
        rc = STATUS_INVALID;
    }
out:
    if (builder != NULL) {
        free(builder->scratch);
        free(builder->joined);
    }
    free(builder);
    if (rc == STATUS_OK) {
        *yaml = made;
    } else {
        yaml_unload(&made);
    }
    return rc;
}

void yaml_unload(struct yaml **yaml)
{
    if (*yaml == NULL) {
        return;
    }
    arena_free(&(*yaml)->arena);
    free(*yaml);
    *yaml = NULL;
}

const struct yaml_node *yaml_root(const struct yaml *yaml)
{
    return yaml->root;
}

struct report *yaml_report(const struct yaml *yaml)
{
    return yaml->report;
}

const char *yaml_name(const struct yaml *yaml)
{
    return yaml->name;
}
