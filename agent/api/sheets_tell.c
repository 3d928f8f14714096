#include "agent/api/sheets_internal.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/api/desk.h"
#include "agent/source/import.h"
#include "common/base/check.h"
#include "common/base/text.h"
#include "common/event/catalogue.h"

/* Columns that a template, or a file of refused rows, brings along: by their
 * field, or by the name that no field has. */
static const char *const brought[] = {"entry_key",
                                      "type",
                                      IMPORT_MARK_VI,
                                      IMPORT_MARK_EN,
                                      IMPORT_REASONS_VI,
                                      IMPORT_REASONS_EN,
                                      NULL};

/* What a program has said, sorted. */
struct said {
    json_t *issues;
    json_t *preview;
    json_t *sums;  /* borrowed of `lines` */
    json_t *fault; /* the same */
    json_t *names; /* of the columns, and their fields; the same */
    json_t *fields;
    json_t *lines; /* keeps all of it */
};

static void problem(const struct sheets_job *job, unsigned status,
                    const char *vi, const char *en, struct http_reply *reply)
{
    http_reply_problem(reply, status, job->language == LANGUAGE_EN ? en : vi);
}

void sheets_tell_failed(const struct sheets_job *job, struct http_reply *reply)
{
    if (job->question == SHEETS_SAVE && job->begun && job->code < 0) {
        /* It was ended, perhaps after its commit. */
        problem(job, 503,
                "Chưa biết đã lưu xong hay chưa. Hãy bấm Lưu lần nữa: dòng nào "
                "đã lưu thì không ghi hai lần.",
                "It is not known whether the rows were saved. Press Save "
                "again: what was saved is not recorded twice.",
                reply);
    } else if (job->too_much) {
        problem(job, 422,
                "Các ô của tệp có quá nhiều chữ, không xem được, chưa lưu gì. "
                "Hãy bỏ những cột không cần, hoặc chia thành nhiều tệp.",
                "The cells of the file hold too many words to look at, and "
                "nothing was saved. Leave out columns that are not needed, or "
                "part the file into several.",
                reply);
        return;
    } else if (job->begun && job->code == status_exit_code(STATUS_FULL)) {
        problem(job, 507,
                "Chưa lưu gì: kho của văn phòng đã đầy, hoặc đĩa bị lỗi. Những "
                "gì đã lưu trước đó vẫn còn nguyên.",
                "Nothing was saved: the office's store is full, or the disk "
                "failed. What was saved before is kept.",
                reply);
        return;
    } else if (job->begun && job->code < 0) {
        problem(job, 503,
                "Chưa làm xong kịp, chưa lưu gì. Hãy thử lại; nếu vẫn vậy, hãy "
                "chia thành nhiều tệp.",
                "It was not done in time, and nothing was saved. Try again; if "
                "it stays so, part the file into several.",
                reply);
    } else {
        problem(job, 503, "Chưa làm được, chưa lưu gì; hãy thử lại.",
                "It did not work, and nothing was saved; try again.", reply);
    }
    reply->retry_after_s = 2;
}

void sheets_tell_working(const struct sheets_job *job, struct http_reply *reply)
{
    json_t *json = json_object();

    (void)json_object_set_new(json, "token", json_string(job->sheet.token));
    (void)json_object_set_new(json, "working", json_true());
    reply->status = 202;
    desk_give(&json, reply);
}

/* ---- rows of the preview ---- */

static bool is_brought(const char *key)
{
    for (size_t i = 0; brought[i] != NULL; i++) {
        if (strcmp(key, brought[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Cells and labels by field, or by the column's name where it has none. */
static json_t *tell_row(const struct said *said, const json_t *line)
{
    json_t *row = json_object();
    json_t *cells = json_object();
    json_t *labels = json_object();
    const json_t *texts = json_object_get(line, "cells");

    for (size_t i = 0; i < json_array_size(said->names); i++) {
        json_t *name = json_array_get(said->names, i);
        json_t *text = json_array_get(texts, i);
        const char *field = json_string_value(json_array_get(said->fields, i));
        const char *key = field != NULL ? field : json_string_value(name);

        if (key == NULL || key[0] == '\0' || is_brought(key)) {
            continue;
        }
        (void)json_object_set_new(
            cells, key, text != NULL ? json_incref(text) : json_string(""));
        (void)json_object_set(labels, key, name);
    }
    (void)json_object_set(row, "row", json_object_get(line, "row"));
    (void)json_object_set(row, "verdict", json_object_get(line, "verdict"));
    (void)json_object_set_new(row, "cells", cells);
    (void)json_object_set_new(row, "labels", labels);
    return row;
}

/* The example of a template is nobody's row. */
static bool is_passed_over(const json_t *line)
{
    const char *verdict = json_string_value(json_object_get(line, "verdict"));

    return verdict != NULL && strcmp(verdict, "passed_over") == 0;
}

static void sort_line(struct said *said, json_t *line)
{
    const char *kind = json_string_value(json_object_get(line, "kind"));

    if (kind == NULL) {
        return;
    }
    if (strcmp(kind, "issue") == 0) {
        (void)json_object_set(line, "label", json_object_get(line, "column"));
        (void)json_array_append(said->issues, line);
    } else if (strcmp(kind, "row") == 0 && said->names == NULL) {
        said->names = json_object_get(line, "cells");
        said->fields = json_object_get(line, "fields");
    } else if (strcmp(kind, "row") == 0 && !is_passed_over(line)) {
        (void)json_array_append_new(said->preview, tell_row(said, line));
    } else if (strcmp(kind, "sums") == 0) {
        said->sums = line;
    } else if (strcmp(kind, "fault") == 0) {
        said->fault = line;
    }
}

static void read_said(struct said *said, struct bytes text)
{
    const char *at = (const char *)text.data;
    size_t left = text.size;

    *said = (struct said){
        .issues = json_array(), .preview = json_array(), .lines = json_array()};
    while (left > 0) {
        const char *end = memchr(at, '\n', left);
        size_t size = end != NULL ? (size_t)(end - at) : left;
        json_t *line = json_loadb(at, size, 0, NULL);

        if (line != NULL) {
            (void)json_array_append_new(said->lines, line);
            sort_line(said, line);
        }
        size += end != NULL ? 1 : 0;
        at += size;
        left -= size;
    }
}

static void free_said(struct said *said)
{
    json_decref(said->issues);
    json_decref(said->preview);
    json_decref(said->lines);
}

/* ---- answers ---- */

/* A file that cannot be read at all, or a program that failed. */
static void tell_fault(const struct sheets_job *job, const struct said *said,
                       struct http_reply *reply)
{
    const char *text = json_string_value(json_object_get(said->fault, "text"));

    if (text != NULL) {
        http_reply_problem(reply, 422, text);
    } else {
        sheets_tell_failed(job, reply);
    }
}

bool sheets_tell_look(const struct sheets_job *job, struct bytes said,
                      struct http_reply *reply)
{
    static const char *const keys[] = {
        "sheet",   "type",        "rows",   "good",     "known",
        "refused", "hidden_rows", "unread", "mistakes", NULL};
    json_t *json = json_object();
    struct said sorted;
    bool good;

    read_said(&sorted, said);
    good = sorted.sums != NULL && sorted.fault == NULL;
    if (good) {
        (void)json_object_set_new(json, "token", json_string(job->sheet.token));
        (void)json_object_set_new(json, "name", json_string(job->sheet.name));
        for (size_t i = 0; keys[i] != NULL; i++) {
            (void)json_object_set(json, keys[i],
                                  json_object_get(sorted.sums, keys[i]));
        }
        (void)json_object_set(json, "issues", sorted.issues);
        (void)json_object_set(json, "preview", sorted.preview);
        desk_give(&json, reply);
    } else {
        tell_fault(job, &sorted, reply);
        json_decref(json);
    }
    free_said(&sorted);
    return good;
}

bool sheets_tell_saved(const struct sheets_job *job, struct bytes said,
                       struct http_reply *reply)
{
    static const char *const keys[] = {"known", "refused", "first", "last",
                                       NULL};
    json_t *json = json_object();
    struct said sorted;
    bool saved;

    read_said(&sorted, said);
    saved = json_is_true(json_object_get(sorted.sums, "saved"));
    if (saved) {
        (void)json_object_set(json, "saved",
                              json_object_get(sorted.sums, "good"));
        for (size_t i = 0; keys[i] != NULL; i++) {
            (void)json_object_set(json, keys[i],
                                  json_object_get(sorted.sums, keys[i]));
        }
        desk_give(&json, reply);
    } else if (json_array_size(sorted.issues) > 0) {
        problem(job, 422, "Chưa lưu dòng nào: tệp còn dòng có lỗi.",
                "No row was saved: some rows have mistakes.", reply);
        json_decref(json);
    } else {
        tell_fault(job, &sorted, reply);
        json_decref(json);
    }
    free_said(&sorted);
    return saved;
}

/* ---- files ---- */

void sheets_name_template(struct sheets_job *job)
{
    const struct catalogue_type *type = catalogue_type_by_name(job->type);
    const char *label = language_pick(type->label, job->language);
    char key[SHEETS_NAME_SIZE] = "";
    size_t used =
        (size_t)snprintf(job->download, sizeof job->download, "%s",
                         job->language == LANGUAGE_EN ? "template" : "mau");
    bool apart = true;

    if (text_search_key(label, strlen(label), false, key, sizeof key, NULL) !=
        STATUS_OK) {
        memcpy(key, job->type, strlen(job->type) + 1);
    }
    for (const char *at = key; *at != '\0' && used + 8 < sizeof job->download;
         at++) {
        bool plain = (*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9');

        if (plain && apart) {
            job->download[used++] = '-';
        }
        if (plain) {
            job->download[used++] = *at;
        }
        apart = !plain;
    }
    memcpy(job->download + used, ".xlsx", sizeof ".xlsx");
}

struct mapped {
    void *bytes;
    size_t size;
};

static void unmap(void *owner)
{
    struct mapped *mapped = owner;

    check(munmap(mapped->bytes, mapped->size) == 0);
    free(mapped);
}

/* Its pages are the file's: they take no memory of the daemon's own. */
static struct mapped *map(const char *path)
{
    struct mapped *mapped = calloc(1, sizeof *mapped);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;

    if (mapped != NULL && fd >= 0 && fstat(fd, &info) == 0 &&
        info.st_size > 0) {
        mapped->size = (size_t)info.st_size;
        mapped->bytes = mmap(NULL, mapped->size, PROT_READ, MAP_SHARED, fd, 0);
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    if (mapped != NULL &&
        (mapped->bytes == NULL || mapped->bytes == MAP_FAILED)) {
        free(mapped);
        mapped = NULL;
    }
    return mapped;
}

void sheets_tell_file(const struct sheets_job *job, struct http_reply *reply)
{
    static const char book[] = "application/vnd.openxmlformats-officedocument."
                               "spreadsheetml.sheet";
    size_t size = strlen(job->download);
    bool text = size > 4 && strcmp(job->download + size - 4, ".csv") == 0;
    struct mapped *mapped = map(job->made);

    (void)unlink(job->made); /* it lives as long as it is read */
    if (mapped == NULL && job->question == SHEETS_REFUSED) {
        problem(job, 404, "Không có dòng nào cần sửa.",
                "There is no row to mend.", reply);
        return;
    }
    if (mapped == NULL) {
        sheets_tell_failed(job, reply);
        return;
    }
    http_reply_borrow(reply, text ? "text/csv; charset=utf-8" : book,
                      (struct bytes){mapped->bytes, mapped->size}, unmap,
                      mapped);
    (void)snprintf(reply->file_name, sizeof reply->file_name, "%s",
                   job->download);
}
