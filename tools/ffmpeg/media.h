// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file media.h

   What a file consists of that the program ffmpeg reads.
*/

#ifndef GRUS_TOOLS_FFMPEG_MEDIA_H
#define GRUS_TOOLS_FFMPEG_MEDIA_H

#include "ffmpeg/program.h"

#include <jansson.h>

#include <stdbool.h>
#include <stddef.h>

/// What a stream is
typedef enum {
  MEDIA_PICTURE,
  MEDIA_COVER, ///< A picture that does not move
  MEDIA_SOUND,
  MEDIA_SUBTITLE,
  MEDIA_ATTACHMENT,
  MEDIA_DATA,
} MediaKind;

/// A stream of a file
typedef struct {
  MediaKind     kind;
  const char*   codec; ///< As ffmpeg calls it, "unknown" if it does not know
  const json_t* json;  ///< What ffprobe tells of it
} MediaStream;

/// A file of one or more streams
typedef struct {
  char*        name; ///< That ffmpeg opens; no letter of it means anything
  int          fd;   ///< Of a file without a name, or -1
  json_t*      json; ///< What ffprobe tells of all
  MediaStream* streams;
  size_t       n_streams;
  size_t       sound; ///< The stream that is cleaned, `n_streams` if none
} MediaFile;

/// Where a sound begins
typedef struct {
  double packet;  ///< Time of the first packet, s
  double seconds; ///< Time of the first frame, s
} MediaStart;

/**
   Find out what a file consists of.

   @param media Set, to be freed with media_file_close().
   @param path Of the file, null if only `fd` has it.
   @param fd A file without a name, which is closed in the end, or -1.
   @return 0, or what errno would be: ENOENT without ffmpeg, EIO if this is
   nothing that it knows.
*/
int
media_file_open(MediaFile* media, const char* path, int fd);

/// Return how many sound tracks there are
size_t
media_file_tracks(const MediaFile* media);

/// Choose sound track `track`, from 1, to be cleaned; false if there is none
bool
media_file_choose(MediaFile* media, size_t track);

/// Return the descriptors that a program needs to open the file
size_t
media_file_fds(const MediaFile* media, ProgramFd* fds);

/// Find out where the sound that is cleaned begins
MediaStart
media_file_start(const MediaFile* media);

/// Return a number that ffprobe tells, as text or not, else `otherwise`
double
media_number(const json_t* object, const char* key, double otherwise);

/// Return whether a stream has a disposition like "default"
bool
media_stream_is(const MediaStream* stream, const char* disposition);

/// Free what is known of the file, and close it
void
media_file_close(MediaFile* media);

#endif // GRUS_TOOLS_FFMPEG_MEDIA_H
