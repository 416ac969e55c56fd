// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file plan.h

   How a file that is written tells the speakers of its channels.
*/

#ifndef GRUS_TOOLS_SOUND_LAYOUT_PLAN_H
#define GRUS_TOOLS_SOUND_LAYOUT_PLAN_H

#include "sound/layout/layout.h"

#include <sndfile.h>

/// Room for a comment that tells a mask
enum { MASK_COMMENT_SIZE = 64 };

/// What a file tells, and in which order it has its channels
typedef struct {
  Layout       layout; ///< Mask 0: nothing is told
  ChannelOrder order;  ///< Puts Grus' channels into the file's order
  char         comment[MASK_COMMENT_SIZE]; ///< Of a FLAC file, empty if none
  char placeholder[MASK_COMMENT_SIZE]; ///< What libsndfile writes in its place
} LayoutPlan;

/**
   Plan how to keep a layout in a format.

   @param path Whose file it becomes, for errors.
   @param format WAV becomes WAVE_FORMAT_EXTENSIBLE where it has to.
   @return EXIT_OK, perhaps after telling what the format cannot hold, or
   EXIT_USAGE after telling that it would damage a channel.
*/
int
layout_plan(LayoutPlan* plan, Layout layout, const char* path, int* format);

/**
   Give an open file that has no samples yet what tells its layout.

   In FLAC that is `plan->comment`, which has to replace `plan->placeholder`.
*/
void
layout_plan_tell(LayoutPlan* plan, SNDFILE* file, int format);

/**
   Put right the header of a file that libsndfile has closed.

   In WAV and RF64 it writes a mask of its own where one has fewer bits than
   there are channels.  Return 0, or -1 and errno.
*/
int
layout_plan_finish(const LayoutPlan* plan, int fd, int format);

#endif // GRUS_TOOLS_SOUND_LAYOUT_PLAN_H
