// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "model_file.h"

#include "file_bytes.h"
#include "grus.h"
#include "say.h"

#include <unistd.h>

#include <stddef.h>
#include <stdlib.h>

static const char*
default_path(void)
{
  const char* const named = getenv("GRUS_MODEL");
  if (named && *named) {
    return named;
  }

  // The tree it was built from, as long as that is there
  return access(GRUS_SOURCE_MODEL, R_OK) ? GRUS_INSTALLED_MODEL
                                         : GRUS_SOURCE_MODEL;
}

int
model_file_load(const char* const path, ModelFile* const file)
{
  FileBytes bytes = {NULL, 0U};
  file->path      = path ? path : default_path();
  file->model     = NULL;
  if (file_bytes_read(&bytes,
                      file->path,
                      "model",
                      path ? "" : " (name one with --model FILE)")) {
    return EXIT_FAILED;
  }

  GrusMessage message;
  int         code = EXIT_OK;
  file->size       = bytes.size;
  if (grus_model_parse(bytes.data, bytes.size, &file->model, &message)) {
    code = say_error(EXIT_FAILED, "model \"%s\": %s", file->path, message.text);
  }

  free(bytes.data);
  return code;
}
