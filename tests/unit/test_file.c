#include "common/base/file.h"
#include "tests/support/temp_dir.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

Test(file, a_new_file_is_whole_and_an_old_one_stays)
{
    struct temp_dir dir;
    char path[TEMP_DIR_PATH_MAX];
    char content[16] = "";
    temp_dir_open(&dir);
    temp_dir_path(&dir, "a", path);
    cr_assert_eq(file_create(path, bytes_of_text("first")), STATUS_OK);
    cr_assert_eq(file_create(path, bytes_of_text("second")), STATUS_EXISTS);
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file);
    cr_assert_eq(fread(content, 1, sizeof content, file), 5);
    fclose(file);
    cr_assert_str_eq(content, "first");
    temp_dir_close(&dir);
}

Test(file, a_folder_that_is_not_there_is_an_error)
{
    cr_assert_eq(file_create("/nonexistent/a", bytes_of_text("x")), STATUS_IO);
    cr_assert_eq(file_sync_folder("/nonexistent/a"), STATUS_IO);
    cr_assert_eq(file_sync_folder("/a"), STATUS_OK);
    cr_assert_eq(file_sync_folder("a"), STATUS_OK);
}

/* I11: a path at the limit is an error, not an overflow. */
Test(file, i11_a_path_that_is_too_long_is_an_error)
{
    char path[FILE_PATH_MAX + 1];
    memset(path, 'a', sizeof path);
    path[FILE_PATH_MAX - 5] = '\0'; /* one too many with ".new" */
    cr_assert_eq(file_create(path, bytes_of_text("x")), STATUS_IO);
    path[FILE_PATH_MAX - 5] = 'a';
    path[FILE_PATH_MAX - 1] = '/';
    path[FILE_PATH_MAX] = '\0';
    cr_assert_eq(file_sync_folder(path), STATUS_IO);
}

Test(file, i11_reading_stops_at_the_limit)
{
    struct temp_dir dir;
    char path[TEMP_DIR_PATH_MAX];
    struct buffer content;
    temp_dir_open(&dir);
    temp_dir_write(&dir, "a", "12345678", 8);
    temp_dir_path(&dir, "a", path);
    buffer_init(&content, 8);
    cr_assert_eq(file_read(path, &content), STATUS_OK);
    cr_assert_eq(content.size, 8);
    buffer_fini(&content);
    buffer_init(&content, 7);
    cr_assert_eq(file_read(path, &content), STATUS_FULL);
    buffer_fini(&content);
    temp_dir_path(&dir, "b", path);
    cr_assert_eq(file_read(path, &content), STATUS_NOT_FOUND);
    cr_assert_eq(file_read(dir.path, &content), STATUS_NO_INPUT);
    temp_dir_close(&dir);
}
