// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_HOST_DATA_FILE_H
#define GRUS_HOST_DATA_FILE_H

#include <stddef.h>

/**
   Find a file that comes with Grus, like "models/voice.safetensors".

   It lies in the folder that GRUS_DATA names; else in share/grus beside the
   program's own folder, wherever that was moved to, or in presets where the
   program was built; else where Grus was to be installed.  The last that is
   tried is the answer where there is no such file.

   @param path Filled with at most `size` bytes, cut to fit.
   @return `path`.
*/
const char*
data_file_path(const char* name, char* path, size_t size);

#endif // GRUS_HOST_DATA_FILE_H
