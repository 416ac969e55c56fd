// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "metadata/media.h"

#include "ffmpeg/media.h"
#include "ffmpeg/program.h"
#include "metadata/buffer.h"
#include "metadata/losses.h"
#include "metadata/metadata.h"

#include <jansson.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/// Names that ffmpeg has in another way than Vorbis comments
static const char* const names[][2] = {
  {"ALBUMARTIST", "album_artist"},
  {"TRACKNUMBER", "track"},
  {"DISCNUMBER", "disc"},
  {"ENCODED-BY", "encoded_by"},
};

enum { N_NAMES = sizeof(names) / sizeof(names[0]) };

/// Beginnings of names that say how a file was made
static const char* const technical[] = {"encoder",
                                        "software",
                                        "major_brand",
                                        "minor_version",
                                        "compatible_brands",
                                        "handler_name",
                                        "vendor_id",
                                        "duration",
                                        "bps",
                                        "number_of_",
                                        "_statistics_",
                                        "iTunSMPB"};

/// Return what `name` of column `from` is in the other column, or itself
static const char*
translate(const char* const name, const size_t from)
{
  for (size_t i = 0U; i < N_NAMES; ++i) {
    if (!strcasecmp(names[i][from], name)) {
      return names[i][1U - from];
    }
  }
  return name;
}

static bool
is_technical(const char* const key, const char* const value)
{
  for (size_t i = 0U; i < sizeof(technical) / sizeof(technical[0]); ++i) {
    if (!strncasecmp(key, technical[i], strlen(technical[i]))) {
      return true;
    }
  }
  return !strcasecmp(key, "language") && !strcmp(value, "und");
}

/// Return whether tags have a name, in whatever case
static bool
has_key(json_t* const tags, const char* const name)
{
  const char* key   = NULL;
  json_t*     value = NULL;
  json_object_foreach(tags, key, value)
  {
    if (!strcasecmp(key, name)) {
      return true;
    }
  }
  return false;
}

/// Add tags whose names are not among others
static void
read_tags(Metadata* const metadata, json_t* const tags, json_t* const others)
{
  const char* key   = NULL;
  json_t*     value = NULL;
  json_object_foreach(tags, key, value)
  {
    const char* const text = json_string_value(value);
    if (text && !is_technical(key, text) && !has_key(others, key)) {
      char name[256];
      snprintf(name, sizeof(name), "%s", translate(key, 1U));
      for (char* p = name; *p; ++p) {
        *p = (char)(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p);
      }
      metadata_add_text(metadata, name, text, strlen(text));
    }
  }
}

/// Add chapters as markers, as regions where no other chapter follows at once
static void
read_chapters(Metadata* const        metadata,
              const MediaFile* const media,
              const uint32_t         rate)
{
  const json_t* const list  = json_object_get(media->json, "chapters");
  const size_t        n     = json_array_size(list);
  const double        begin = n ? media_file_start(media).seconds : 0.0;
  for (size_t i = 0U; i < n; ++i) {
    const json_t* const chapter = json_array_get(list, i);
    const json_t* const next    = json_array_get(list, i + 1U);
    const json_t* const tags    = json_object_get(chapter, "tags");
    const char* const title = json_string_value(json_object_get(tags, "title"));
    const double      start = media_number(chapter, "start_time", 0.0);
    const double      end   = media_number(chapter, "end_time", start);
    const double      gap   = media_number(next, "start_time", end) - end;
    const double      at    = (start > begin ? start - begin : 0.0) * rate;
    const double      size  = next && gap > 0.001 ? (end - start) * rate : 0.0;
    metadata_add_marker(metadata,
                        (uint64_t)(at + 0.5),
                        (uint64_t)(size + 0.5),
                        title ? title : "",
                        title ? strlen(title) : 0U);
  }
}

/// Return the media type of a picture, null if it is none that others know
static const char*
picture_type(const void* const data, const size_t size)
{
  static const uint8_t png[]  = {0x89U, 'P', 'N', 'G'};
  static const uint8_t jpeg[] = {0xFFU, 0xD8U, 0xFFU};
  return size < sizeof(png)                  ? NULL
         : !memcmp(data, png, sizeof(png))   ? "image/png"
         : !memcmp(data, jpeg, sizeof(jpeg)) ? "image/jpeg"
                                             : NULL;
}

/// Add the picture of a stream
static void
read_cover(Metadata* const        metadata,
           const MediaFile* const media,
           const size_t           i)
{
  Arguments arguments = {{NULL}, 0U, false};
  ProgramFd fds[PROGRAM_MAX_FDS];
  char*     data = NULL;
  size_t    size = 0U;
  arguments_ffmpeg(&arguments, "quiet");
  arguments_list(&arguments, (const char*[]){"-i", media->name, "-map", NULL});
  arguments_add(&arguments, "0:%zu", i);
  arguments_list(&arguments,
                 (const char*[]){"-c",
                                 "copy",
                                 "-frames:v",
                                 "1",
                                 "-f",
                                 "data",
                                 "-protocol_whitelist",
                                 "pipe",
                                 "pipe:1",
                                 NULL});
  const int error =
    program_output(&arguments, fds, media_file_fds(media, fds), &data, &size);
  arguments_free(&arguments);

  const char* const type = error ? NULL : picture_type(data, size);
  if (type) {
    char                  mime[16];
    char                  nothing[] = "";
    const MetadataPicture picture   = {
        mime, nothing, FRONT_COVER, {0}, (uint8_t*)data, size};
    snprintf(mime, sizeof(mime), "%s", type);
    metadata_add_picture(metadata, &picture);
  }
  free(data);
}

void
metadata_read_media(Metadata* const        metadata,
                    const MediaFile* const media,
                    const uint32_t         rate)
{
  const json_t* const format = json_object_get(media->json, "format");
  json_t* const       tags   = json_object_get(format, "tags");
  const json_t* const sound  = media->streams[media->sound].json;
  memset(metadata, 0, sizeof(*metadata));
  metadata->rate = rate;
  read_tags(metadata, tags, NULL);
  read_tags(metadata, json_object_get(sound, "tags"), tags);
  read_chapters(metadata, media, rate);
  for (size_t i = 0U; i < media->n_streams; ++i) {
    if (media->streams[i].kind == MEDIA_COVER) {
      read_cover(metadata, media, i);
    }
  }
  metadata_sort_markers(metadata);
}

/// End a line; ffmpeg takes a backslash before its end for one that escapes it,
/// even if it is escaped itself
static void
end_line(Buffer* const text)
{
  const bool escaped = text->size && text->data[text->size - 1U] == '\\';
  buffer_text(text, escaped ? " \n" : "\n");
}

/// Add a text in which nothing has a meaning
static void
add_escaped(Buffer* const text, const char* const value)
{
  for (const char* p = value; *p; ++p) {
    if (strchr("=;#\\\n", *p)) {
      buffer_text(text, "\\");
    }
    buffer_add(text, p, 1U);
  }
}

/// Add all texts of a name, unless an earlier text has it
static void
add_texts(Buffer* const text, const Metadata* const metadata, const size_t i)
{
  const char* const key = metadata->texts[i].key;
  for (size_t k = 0U; k < i; ++k) {
    if (!strcasecmp(metadata->texts[k].key, key)) {
      return;
    }
  }

  add_escaped(text, translate(key, 0U));
  buffer_text(text, "=");
  for (size_t k = i; k < metadata->n_texts; ++k) {
    if (!strcasecmp(metadata->texts[k].key, key)) {
      add_escaped(text, k == i ? "" : "; ");
      add_escaped(text, metadata->texts[k].value);
    }
  }
  end_line(text);
}

static void
add_chapter(Buffer* const         text,
            const Metadata* const metadata,
            const size_t          i,
            const int64_t         n_frames)
{
  const MetadataMarker* const marker = &metadata->markers[i];
  const uint64_t              start  = marker->position;
  const bool                  last   = i + 1U == metadata->n_markers;
  const uint64_t              next = !last ? metadata->markers[i + 1U].position
                                     : n_frames > 0 && (uint64_t)n_frames > start
                                       ? (uint64_t)n_frames
                                       : start + metadata->rate;
  const uint64_t end = marker->length ? start + marker->length : next;

  char line[160];
  snprintf(line,
           sizeof(line),
           "[CHAPTER]\nTIMEBASE=1/%u\nSTART=%llu\nEND=%llu\n",
           metadata->rate,
           (unsigned long long)start,
           (unsigned long long)end);
  buffer_text(text, line);
  if (*marker->label) {
    buffer_text(text, "title=");
    add_escaped(text, marker->label);
    end_line(text);
  }
}

void
metadata_media_text(const Metadata* const metadata,
                    const int64_t         n_frames,
                    Buffer* const         text)
{
  buffer_text(text, ";FFMETADATA1\n");
  for (size_t i = 0U; i < metadata->n_texts; ++i) {
    if (*metadata->texts[i].key && !metadata->texts[i].chapter) {
      add_texts(text, metadata, i);
    }
  }
  for (size_t i = 0U; i < metadata->n_markers; ++i) {
    add_chapter(text, metadata, i, n_frames);
  }
  buffer_add(text, NULL, 1U);
}

/// Return whether a text is somewhere in a file
static bool
has_text(const MediaFile* const written, const char* const key)
{
  const json_t* const format = json_object_get(written->json, "format");
  const char* const   name   = translate(key, 0U);
  bool                found  = has_key(json_object_get(format, "tags"), name);
  for (size_t i = 0U; !found && i < written->n_streams; ++i) {
    found = has_key(json_object_get(written->streams[i].json, "tags"), name);
  }
  return found;
}

void
metadata_check_media(const Metadata* const  metadata,
                     const MediaFile* const written,
                     const char* const      path)
{
  const json_t* const chapters   = json_object_get(written->json, "chapters");
  const size_t        n_chapters = json_array_size(chapters);
  size_t              n_covers   = 0U;
  Losses              losses     = {{0}, {0}};
  for (size_t i = 0U; i < written->n_streams; ++i) {
    n_covers += written->streams[i].kind == MEDIA_COVER;
  }
  for (size_t i = 0U; i < metadata->n_texts; ++i) {
    const MetadataText* const text = &metadata->texts[i];
    if (!text->chapter && !is_technical(text->key, text->value) &&
        !has_text(written, text->key)) {
      losses_add(&losses.lost, "%s", *text->key ? text->key : "text");
    }
  }
  if (metadata->n_markers > n_chapters) {
    losses_count(&losses.lost,
                 metadata->n_markers - n_chapters,
                 "cue point",
                 "cue points");
  }
  if (metadata->n_pictures > n_covers) {
    losses_count(
      &losses.lost, metadata->n_pictures - n_covers, "picture", "pictures");
  }
  losses_add_chunks(&losses, metadata, METADATA_NONE);
  losses_tell(&losses, path);
}
