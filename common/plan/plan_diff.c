#include "common/plan/plan_diff.h"

#include "common/base/yaml.h"

#include <stdlib.h>
#include <string.h>

/* Sections that are lists of items with an id. */
static const char *const sections[] = {"settings",   "baselines", "lists",
                                       "indicators", "targets",   NULL};

struct differing {
    plan_diff_visit *visit;
    void *owner;
    char *before, *after; /* PLAN_DIFF_TEXT_MAX each */
};

/* ---- a node on one line ---- */

struct line {
    char *text;
    size_t size;
};

static void put(struct line *line, const char *text)
{
    while (*text != '\0' && line->size + 1 < PLAN_DIFF_TEXT_MAX) {
        line->text[line->size++] = *text++;
    }
    line->text[line->size] = '\0';
}

/* The key that follows `last` in the order of the alphabet; NULL: none. */
static const struct yaml_node *next_key(const struct yaml_node *node,
                                        const char *last)
{
    const struct yaml_node *best = NULL;

    for (const struct yaml_node *key = node->first; key != NULL;
         key = key->next) {
        if ((last == NULL || strcmp(key->text, last) > 0) &&
            (best == NULL || strcmp(key->text, best->text) < 0)) {
            best = key;
        }
    }
    return best;
}

static void put_node(struct line *line, const struct yaml_node *node)
{
    const struct yaml_node *item;

    if (node->kind == YAML_TEXT) {
        put(line, node->text);
        return;
    }
    put(line, node->kind == YAML_LIST ? "[" : "{");
    item = node->kind == YAML_LIST ? node->first : next_key(node, NULL);
    while (item != NULL) {
        const struct yaml_node *next =
            node->kind == YAML_LIST ? item->next : next_key(node, item->text);

        if (node->kind == YAML_MAPPING) {
            put(line, item->text);
            put(line, ": ");
        }
        /* The depth is the file's, which YAML_DEPTH_MAX bounds. */
        put_node(line, node->kind == YAML_LIST ? item : item->value);
        put(line, next != NULL ? ", " : "");
        item = next;
    }
    put(line, node->kind == YAML_LIST ? "]" : "}");
}

static const char *text_of(const struct yaml_node *node, char *room)
{
    struct line line = {.text = room};

    if (node == NULL) {
        return NULL;
    }
    room[0] = '\0';
    put_node(&line, node);
    return room;
}

/* ---- what differs ---- */

static bool is_same(const struct yaml_node *a, const struct yaml_node *b)
{
    if (a == NULL || b == NULL || a->kind != b->kind || a->count != b->count) {
        return a == b;
    }
    if (a->kind == YAML_TEXT) {
        return strcmp(a->text, b->text) == 0;
    }
    for (const struct yaml_node *left = a->first, *right = b->first;
         left != NULL; left = left->next, right = right->next) {
        if (a->kind == YAML_LIST
                ? !is_same(left, right)
                : !is_same(left->value, yaml_get(b, left->text))) {
            return false;
        }
    }
    return true;
}

static void compare(struct differing *differing, const char *section,
                    const char *id, const char *key,
                    const struct yaml_node *before,
                    const struct yaml_node *after)
{
    struct plan_difference difference = {
        .section = section, .id = id, .key = key};

    if (!is_same(before, after)) {
        difference.before = text_of(before, differing->before);
        difference.after = text_of(after, differing->after);
        differing->visit(differing->owner, &difference);
    }
}

/* The keys of two mappings, each but those in `without`. */
static void compare_keys(struct differing *differing, const char *section,
                         const char *id, const struct yaml_node *before,
                         const struct yaml_node *after,
                         bool (*is_left_out)(const char *key))
{
    for (const struct yaml_node *key = before->first; key != NULL;
         key = key->next) {
        if (!is_left_out(key->text)) {
            compare(differing, section, id, key->text, key->value,
                    yaml_get(after, key->text));
        }
    }
    for (const struct yaml_node *key = after->first; key != NULL;
         key = key->next) {
        if (!is_left_out(key->text) && yaml_get(before, key->text) == NULL) {
            compare(differing, section, id, key->text, NULL, key->value);
        }
    }
}

static bool is_never_left_out(const char *key)
{
    (void)key;
    return false;
}

static bool is_section(const char *key)
{
    for (size_t i = 0; sections[i] != NULL; i++) {
        if (strcmp(sections[i], key) == 0) {
            return true;
        }
    }
    return strcmp(key, "register") == 0;
}

static const struct yaml_node *item_of(const struct yaml_node *list,
                                       const char *id)
{
    const struct yaml_node *item = list == NULL ? NULL : list->first;

    while (item != NULL && strcmp(yaml_get(item, "id")->text, id) != 0) {
        item = item->next;
    }
    return item;
}

static void compare_section(struct differing *differing, const char *section,
                            const struct yaml_node *before,
                            const struct yaml_node *after)
{
    for (const struct yaml_node *item = before == NULL ? NULL : before->first;
         item != NULL; item = item->next) {
        const char *id = yaml_get(item, "id")->text;
        const struct yaml_node *other = item_of(after, id);

        if (other == NULL) {
            compare(differing, section, id, "", item, NULL);
        } else {
            compare_keys(differing, section, id, item, other,
                         is_never_left_out);
        }
    }
    for (const struct yaml_node *item = after == NULL ? NULL : after->first;
         item != NULL; item = item->next) {
        const char *id = yaml_get(item, "id")->text;

        if (item_of(before, id) == NULL) {
            compare(differing, section, id, "", NULL, item);
        }
    }
}

/* ---- the register ---- */

/* What a row is about: its reference, else all of it. */
static const char *name_of(const struct yaml_node *row, char *room)
{
    for (const struct yaml_node *key = row->first; key != NULL;
         key = key->next) {
        size_t size = strlen(key->text);

        if (size > 4 && strcmp(key->text + size - 4, "_ref") == 0) {
            return key->value->text;
        }
    }
    return text_of(row, room);
}

/* The row of that name among the groups of one type. */
static const struct yaml_node *row_of(const struct yaml_node *groups,
                                      const char *type, const char *name,
                                      const struct yaml_node **common,
                                      char *room)
{
    const struct yaml_node *group = groups == NULL ? NULL : groups->first;

    for (; group != NULL; group = group->next) {
        const struct yaml_node *row = yaml_get(group, "rows")->first;

        *common = yaml_get(group, "common");
        if (strcmp(yaml_get(group, "type")->text, type) != 0) {
            continue;
        }
        for (; row != NULL; row = row->next) {
            if (strcmp(name_of(row, room), name) == 0) {
                return row;
            }
        }
    }
    return NULL;
}

/* Rows of `from` that `to` has not (`gone`: they were removed), and, once,
 * those that both have and that differ. */
static void compare_rows(struct differing *differing,
                         const struct yaml_node *from,
                         const struct yaml_node *to, bool gone, char *rooms[2])
{
    const struct yaml_node *group = from == NULL ? NULL : from->first;

    for (; group != NULL; group = group->next) {
        const char *type = yaml_get(group, "type")->text;
        const struct yaml_node *row = yaml_get(group, "rows")->first;

        for (; row != NULL; row = row->next) {
            const struct yaml_node *common = NULL;
            const char *name = name_of(row, rooms[0]);
            const struct yaml_node *other =
                row_of(to, type, name, &common, rooms[1]);

            if (other == NULL) {
                compare(differing, "register", name, "", gone ? row : NULL,
                        gone ? NULL : row);
            } else if (gone) {
                compare_keys(differing, "register", name, row, other,
                             is_never_left_out);
                compare(differing, "register", name, "common",
                        yaml_get(group, "common"), common);
            }
        }
    }
}

static void compare_all(struct differing *differing,
                        const struct yaml_node *before,
                        const struct yaml_node *after, char *rooms[2])
{
    compare_keys(differing, "head", "", before, after, is_section);
    for (size_t i = 0; sections[i] != NULL; i++) {
        compare_section(differing, sections[i], yaml_get(before, sections[i]),
                        yaml_get(after, sections[i]));
    }
    compare_rows(differing, yaml_get(before, "register"),
                 yaml_get(after, "register"), true, rooms);
    compare_rows(differing, yaml_get(after, "register"),
                 yaml_get(before, "register"), false, rooms);
}

MUST_USE enum status plan_diff(const struct plan *before,
                               const struct plan *after, plan_diff_visit *visit,
                               void *owner)
{
    char *room = malloc(4 * (size_t)PLAN_DIFF_TEXT_MAX);
    struct differing differing = {.visit = visit, .owner = owner};
    char *rooms[2];

    if (room == NULL) {
        return STATUS_MEMORY;
    }
    differing.before = room;
    differing.after = room + PLAN_DIFF_TEXT_MAX;
    rooms[0] = room + (size_t)2 * PLAN_DIFF_TEXT_MAX;
    rooms[1] = room + (size_t)3 * PLAN_DIFF_TEXT_MAX;
    compare_all(&differing, yaml_root(before->source), yaml_root(after->source),
                rooms);
    free(room);
    return STATUS_OK;
}
